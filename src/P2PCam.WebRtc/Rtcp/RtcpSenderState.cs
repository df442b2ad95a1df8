namespace P2PCam.WebRtc.Rtcp;

/// <summary>
/// What one sent stream tells about itself: counts packets as they leave, ties the RTP clock to wall-clock time, and writes
/// the SR + SDES compound (RFC 3550 sections 6.1 and 6.4.1).
/// </summary>
internal sealed class RtcpSenderState(uint ssrc, string cname, int clockRate = 90_000)
{
    /// <summary>The room a report of one stream with the longest CNAME takes.</summary>
    public const int MaxReportLength = RtcpHeader.Length + SenderReport.FixedLength + 268;

    private uint _timestamp;
    private TimeSpan _timestampAt;

    public uint Ssrc { get; } = ssrc;

    /// <summary>Packets sent since the start, retransmissions of RTX excluded: they are a stream of their own.</summary>
    public uint PacketCount { get; private set; }

    /// <summary>Payload bytes sent, without headers and padding.</summary>
    public uint OctetCount { get; private set; }

    /// <summary>Nothing was sent yet, so there is nothing to report.</summary>
    public bool IsSilent => PacketCount == 0;

    /// <param name="payloadLength">Bytes, without header and padding.</param>
    /// <param name="rtpTimestamp">The packet's timestamp ...</param>
    /// <param name="timestampAt">... and the moment on the engine's clock that it stands for: when the frame was captured.</param>
    public void OnPacketSent(int payloadLength, uint rtpTimestamp, TimeSpan timestampAt)
    {
        PacketCount++;
        OctetCount += (uint)payloadLength;
        _timestamp = rtpTimestamp;
        _timestampAt = timestampAt;
    }

    /// <summary>Writes SR and SDES; returns their length. At least <see cref="MaxReportLength"/> bytes are always enough.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="now">The engine's clock.</param>
    /// <param name="ntpNow">Wall-clock time at <paramref name="now"/>.</param>
    public int WriteReport(Span<byte> destination, TimeSpan now, NtpTimestamp ntpNow)
    {
        var info = new SenderInfo(Ssrc, ntpNow, TimestampAt(now), PacketCount, OctetCount);
        var length = SenderReport.Write(destination, info, []);
        return length + SourceDescription.WriteCname(destination[length..], Ssrc, cname);
    }

    /// <summary>Where the RTP clock stands at a moment, going on from the last packet.</summary>
    private uint TimestampAt(TimeSpan now) =>
        _timestamp + (uint)((now - _timestampAt).Ticks * clockRate / TimeSpan.TicksPerSecond);
}
