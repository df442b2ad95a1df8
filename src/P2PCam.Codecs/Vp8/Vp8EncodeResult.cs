namespace P2PCam.Codecs.Vp8;

/// <summary>What became of a frame.</summary>
/// <param name="BytesWritten">Bytes of the encoded frame; 0 where it was dropped.</param>
/// <param name="IsKeyFrame">The frame can be decoded without any other.</param>
/// <param name="Dropped">The frame was left out to hold the bit rate; nothing was written.</param>
/// <param name="Quantizer">The quantizer index 0..127 it was encoded with.</param>
public readonly record struct Vp8EncodeResult(int BytesWritten, bool IsKeyFrame, bool Dropped, int Quantizer)
{
    /// <summary>The frame's temporal layer, 0 the lowest: TID of RFC 7741 section 4.2. No frame refers to one of a higher layer.</summary>
    public int TemporalLayer { get; init; }

    /// <summary>Frames of layer 0 up to this one, modulo 256: TL0PICIDX of RFC 7741 section 4.2.</summary>
    public byte Tl0PictureIndex { get; init; }

    /// <summary>
    /// The frame refers to no other, or only to the frame of layer 0 with the same <see cref="Tl0PictureIndex"/>: the Y bit of RFC 7741 section 4.2. Who
    /// forwards may begin with this layer here.
    /// </summary>
    public bool IsLayerSync { get; init; }
}
