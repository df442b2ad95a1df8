namespace P2PCam;

/// <summary>What became of one frame.</summary>
/// <param name="BytesWritten">Bytes of the compressed frame; 0 when it was dropped.</param>
/// <param name="IsKeyFrame">Whether the frame can be decoded without any frame before it.</param>
/// <param name="Dropped">Whether the rate control left this frame out to hold its bit rate.</param>
public readonly record struct EncodeResult(int BytesWritten, bool IsKeyFrame, bool Dropped)
{
    /// <summary>The frame's place among temporal layers; null, the default, where the encoder makes none.</summary>
    public TemporalLayer? TemporalLayer { get; init; }
}
