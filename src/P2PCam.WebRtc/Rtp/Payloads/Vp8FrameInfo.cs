namespace P2PCam.WebRtc.Rtp.Payloads;

/// <summary>What the packetizer is told about a VP8 frame besides its bytes.</summary>
/// <param name="IsKeyFrame">Whether it can be decoded without any frame before it.</param>
/// <param name="RtpTimestamp">Capture time on the 90 kHz RTP clock.</param>
/// <param name="CaptureTime">The same moment on the engine's monotonic clock.</param>
internal readonly record struct Vp8FrameInfo(bool IsKeyFrame, uint RtpTimestamp, TimeSpan CaptureTime)
{
    /// <summary>No later frame is predicted from this one, so it may be dropped on the way (the N bit).</summary>
    public bool IsNonReference { get; init; }

    /// <summary>Its place among temporal layers; null (the default) leaves the layer fields out of the descriptor.</summary>
    public Vp8TemporalLayer? TemporalLayer { get; init; }
}

/// <summary>Temporal layer fields of RFC 7741 section 4.2.</summary>
/// <param name="Tl0PictureIndex">TL0PICIDX: counts frames of layer 0; a frame of a higher layer repeats the one it depends on.</param>
/// <param name="TemporalId">TID, 0–3.</param>
/// <param name="IsLayerSync">Y: depends on layer 0 only.</param>
internal readonly record struct Vp8TemporalLayer(byte Tl0PictureIndex, byte TemporalId, bool IsLayerSync);
