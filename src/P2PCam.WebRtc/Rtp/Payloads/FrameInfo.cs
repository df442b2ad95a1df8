namespace P2PCam.WebRtc.Rtp.Payloads;

/// <summary>What a packetizer is told about a frame besides its bytes.</summary>
/// <param name="isKeyFrame">Whether it can be decoded without any frame before it.</param>
/// <param name="rtpTimestamp">Capture time on the 90 kHz RTP clock.</param>
/// <param name="captureTime">The same moment on the engine's monotonic clock.</param>
internal readonly ref struct FrameInfo(bool isKeyFrame, uint rtpTimestamp, TimeSpan captureTime)
{
    public bool IsKeyFrame { get; } = isKeyFrame;

    public uint RtpTimestamp { get; } = rtpTimestamp;

    public TimeSpan CaptureTime { get; } = captureTime;

    /// <summary>Its place among temporal layers; only for VP8, null where there are none.</summary>
    public Vp8TemporalLayer? TemporalLayer { get; init; }

    /// <summary>
    /// Where the frame was cut when it was received, as <see cref="Receiving.ReceivedFrame.PayloadSizes"/> says; only for codecs that are
    /// passed on payload by payload.
    /// </summary>
    public ReadOnlySpan<ushort> PayloadSizes { get; init; }
}
