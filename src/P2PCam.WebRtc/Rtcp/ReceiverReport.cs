using System.Buffers.Binary;

namespace P2PCam.WebRtc.Rtcp;

/// <summary>
/// RR (RFC 3550 section 6.4.2), after the common header.
/// <code>
/// |                     SSRC of packet sender                     |
/// | report blocks (24 bytes each, RC of them) ...
/// </code>
/// </summary>
internal readonly ref struct ReceiverReport
{
    internal const int FixedLength = 4;

    private ReceiverReport(scoped in RtcpPacketView packet)
    {
        SenderSsrc = packet.ReadSsrc(0);
        Reports = new ReportBlockList(packet.Body.Slice(FixedLength, packet.CountOrFormat * ReportBlock.Length));
    }

    public uint SenderSsrc { get; }

    public ReportBlockList Reports { get; }

    public static bool TryParse(scoped in RtcpPacketView packet, out ReceiverReport report)
    {
        var valid = packet.Kind == RtcpPacketKind.ReceiverReport
            && packet.Body.Length >= FixedLength + (packet.CountOrFormat * ReportBlock.Length);
        report = valid ? new ReceiverReport(packet) : default;
        return valid;
    }

    /// <summary>Writes an RR with up to 31 report blocks; returns its length.</summary>
    public static int Write(Span<byte> destination, uint senderSsrc, ReadOnlySpan<ReportBlock> reports)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(reports.Length, RtcpHeader.MaxCount, nameof(reports));
        var length = RtcpHeader.Length + FixedLength + (reports.Length * ReportBlock.Length);
        var packet = RtcpHeader.Take(destination, length);
        RtcpHeader.Write(packet, (byte)reports.Length, RtcpHeader.ReceiverReportType, length);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], senderSsrc);
        for (var i = 0; i < reports.Length; i++)
        {
            reports[i].Write(packet[(RtcpHeader.Length + FixedLength + (i * ReportBlock.Length))..]);
        }

        return length;
    }
}
