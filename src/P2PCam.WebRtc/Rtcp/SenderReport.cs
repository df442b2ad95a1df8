using System.Buffers.Binary;

namespace P2PCam.WebRtc.Rtcp;

/// <summary>
/// SR (RFC 3550 section 6.4.1), after the common header.
/// <code>
/// |                         SSRC of sender                        |
/// |              NTP timestamp, most significant word             |
/// |             NTP timestamp, least significant word             |
/// |                         RTP timestamp                         |
/// |                     sender's packet count                     |
/// |                      sender's octet count                     |
/// | report blocks (24 bytes each, RC of them) ...
/// </code>
/// </summary>
internal readonly ref struct SenderReport
{
    internal const int FixedLength = 24;

    private readonly ReadOnlySpan<byte> _body;

    private SenderReport(scoped in RtcpPacketView packet)
    {
        _body = packet.Body;
        Reports = new ReportBlockList(_body.Slice(FixedLength, packet.CountOrFormat * ReportBlock.Length));
    }

    public uint SenderSsrc => BinaryPrimitives.ReadUInt32BigEndian(_body);

    public NtpTimestamp NtpTime => new(BinaryPrimitives.ReadUInt64BigEndian(_body[4..]));

    /// <summary>The same moment as <see cref="NtpTime"/> on the RTP clock.</summary>
    public uint RtpTimestamp => BinaryPrimitives.ReadUInt32BigEndian(_body[12..]);

    public uint PacketCount => BinaryPrimitives.ReadUInt32BigEndian(_body[16..]);

    /// <summary>Payload bytes, without headers and padding.</summary>
    public uint OctetCount => BinaryPrimitives.ReadUInt32BigEndian(_body[20..]);

    public ReportBlockList Reports { get; }

    public static bool TryParse(scoped in RtcpPacketView packet, out SenderReport report)
    {
        var valid = packet.Kind == RtcpPacketKind.SenderReport
            && packet.Body.Length >= FixedLength + (packet.CountOrFormat * ReportBlock.Length);
        report = valid ? new SenderReport(packet) : default;
        return valid;
    }

    /// <summary>Writes an SR with up to 31 report blocks; returns its length.</summary>
    public static int Write(Span<byte> destination, in SenderInfo info, ReadOnlySpan<ReportBlock> reports)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(reports.Length, RtcpHeader.MaxCount, nameof(reports));
        var length = RtcpHeader.Length + FixedLength + (reports.Length * ReportBlock.Length);
        var packet = RtcpHeader.Take(destination, length);
        RtcpHeader.Write(packet, (byte)reports.Length, RtcpHeader.SenderReportType, length);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], info.Ssrc);
        BinaryPrimitives.WriteUInt64BigEndian(packet[8..], info.NtpTime.Value);
        BinaryPrimitives.WriteUInt32BigEndian(packet[16..], info.RtpTimestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet[20..], info.PacketCount);
        BinaryPrimitives.WriteUInt32BigEndian(packet[24..], info.OctetCount);
        for (var i = 0; i < reports.Length; i++)
        {
            reports[i].Write(packet[(RtcpHeader.Length + FixedLength + (i * ReportBlock.Length))..]);
        }

        return length;
    }
}

/// <summary>The sender's part of an SR.</summary>
internal readonly record struct SenderInfo(uint Ssrc, NtpTimestamp NtpTime, uint RtpTimestamp, uint PacketCount, uint OctetCount);
