namespace P2PCam.Codecs.Vp8;

/// <summary>What became of a frame.</summary>
/// <param name="BytesWritten">Bytes of the encoded frame; 0 where it was dropped.</param>
/// <param name="IsKeyFrame">The frame can be decoded without any other.</param>
/// <param name="Dropped">The frame was left out to hold the bit rate; nothing was written.</param>
/// <param name="Quantizer">The quantizer index 0..127 it was encoded with.</param>
public readonly record struct Vp8EncodeResult(int BytesWritten, bool IsKeyFrame, bool Dropped, int Quantizer);
