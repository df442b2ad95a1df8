namespace P2PCam.WebRtc.Rtp.Payloads;

/// <summary>
/// Sends frames on in the payloads that they came in: for VP9 and AV1, whose descriptors tell what a receiver must know and can only be
/// written by whoever encoded the frame.
/// </summary>
internal sealed class PayloadPreservingPacketizer(RtpVideoCodec codec, PacketizedFramePool? pool = null) : IFramePacketizer
{
    private readonly PacketizedFramePool _pool = pool ?? new PacketizedFramePool();
    private long _sequence;

    public RtpVideoCodec Codec => codec;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The payload sizes are missing, do not add up to the frame, or hold one that fits no packet.</exception>
    public PacketizedFrame Packetize(ReadOnlySpan<byte> frame, in FrameInfo info)
    {
        var sum = 0;
        foreach (var size in info.PayloadSizes)
        {
            sum += size is > 0 and <= RtpPacketLimits.MaxForwardedPayload
                ? size
                : throw new ArgumentException($"A payload of {size} bytes cannot be sent; 1 to {RtpPacketLimits.MaxForwardedPayload} can.", nameof(info));
        }

        if (sum == 0 || sum != frame.Length)
        {
            throw new ArgumentException($"The payloads have {sum} bytes together and the frame {frame.Length}; they must be its parts.", nameof(info));
        }

        var packetized = _pool.Rent(frame.Length);
        var stamp = new FrameStamp(info.RtpTimestamp, info.IsKeyFrame, info.CaptureTime, _sequence++, codec);
        frame.CopyTo(packetized.Begin(info.PayloadSizes, stamp));
        return packetized;
    }
}
