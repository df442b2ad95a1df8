namespace P2PCam;

/// <summary>Where a frame stands among temporal layers: those who forward the stream may leave out frames of higher layers (RFC 7741 section 4.2).</summary>
/// <param name="Index">The layer, 0 to 3; no frame refers to one of a higher layer (TID).</param>
/// <param name="BaseFrameIndex">Frames of layer 0 up to this one, modulo 256 (TL0PICIDX).</param>
/// <param name="IsSync">The frame refers to that frame of layer 0 only, or to none (Y).</param>
public readonly record struct TemporalLayer(byte Index, byte BaseFrameIndex, bool IsSync);
