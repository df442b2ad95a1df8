using System.Text;
using P2PCam.WebRtc.Rtcp;

namespace P2PCam.WebRtc.Tests.Rtcp;

/// <summary>Reads packets down to the last field, so that a wrong bound shows as an exception.</summary>
internal static class RtcpTestExtensions
{
    /// <summary>The kinds in a datagram, each packet read to its end; <c>!</c> at the end where it is malformed.</summary>
    public static string Describe(ReadOnlySpan<byte> datagram)
    {
        var text = new StringBuilder();
        var reader = new RtcpCompoundReader(datagram);
        while (reader.MoveNext())
        {
            text.Append(reader.Current.Kind).Append(Read(reader.Current)).Append(' ');
        }

        return text.Append(reader.IsMalformed ? "!" : "").ToString().TrimEnd();
    }

    public static RtcpPacketView Single(ReadOnlySpan<byte> datagram)
    {
        var reader = new RtcpCompoundReader(datagram);
        Assert.True(reader.MoveNext());
        var packet = reader.Current;
        Assert.False(reader.MoveNext());
        Assert.False(reader.IsMalformed);
        return packet;
    }

    private static string Read(in RtcpPacketView packet) => packet.Kind switch
    {
        RtcpPacketKind.SenderReport => Read(SenderReport.TryParse(packet, out var report), report.Reports),
        RtcpPacketKind.ReceiverReport => Read(ReceiverReport.TryParse(packet, out var report), report.Reports),
        RtcpPacketKind.SourceDescription => ReadDescription(packet),
        RtcpPacketKind.Goodbye => ReadGoodbye(packet),
        RtcpPacketKind.GenericNack => ReadNack(packet),
        RtcpPacketKind.TransportFeedback => ReadFeedback(packet),
        RtcpPacketKind.FullIntraRequest => ReadFullIntra(packet),
        RtcpPacketKind.ReceiverEstimatedMaxBitrate => ReadEstimate(packet),
        _ => "",
    };

    private static string Read(bool valid, ReportBlockList reports)
    {
        Assert.True(valid);
        var sum = 0L;
        foreach (var report in reports)
        {
            sum += report.CumulativeLost;
        }

        return $"({reports.Count}:{sum})";
    }

    private static string ReadDescription(in RtcpPacketView packet)
    {
        Assert.True(SourceDescription.TryParse(packet, out var description));
        var items = new List<string>();
        foreach (var item in description)
        {
            items.Add($"{item.Ssrc}/{item.Type}/{Encoding.UTF8.GetString(item.Text)}");
        }

        return $"({string.Join(',', items)})";
    }

    private static string ReadGoodbye(in RtcpPacketView packet)
    {
        Assert.True(Goodbye.TryParse(packet, out var goodbye));
        for (var i = 0; i < goodbye.Count; i++)
        {
            goodbye.GetSource(i);
        }

        return $"({goodbye.Count}:{Encoding.UTF8.GetString(goodbye.Reason)})";
    }

    private static string ReadNack(in RtcpPacketView packet)
    {
        Assert.True(GenericNack.TryParse(packet, out var nack));
        var lost = new List<ushort>();
        foreach (var sequence in nack)
        {
            lost.Add(sequence);
        }

        return $"({string.Join(',', lost)})";
    }

    private static string ReadFeedback(in RtcpPacketView packet)
    {
        Assert.True(TransportFeedback.TryParse(packet, out var feedback));
        var (count, received) = (0, 0);
        foreach (var arrival in feedback)
        {
            count++;
            received += arrival.ArrivalTicks is null ? 0 : 1;
        }

        Assert.Equal(feedback.StatusCount, count);
        return $"({received}/{count})";
    }

    private static string ReadFullIntra(in RtcpPacketView packet)
    {
        Assert.True(FullIntraRequest.TryParse(packet, out var request));
        var entries = new List<string>();
        for (var i = 0; i < request.Count; i++)
        {
            entries.Add($"{request[i].Ssrc}#{request[i].SequenceNumber}");
        }

        return $"({string.Join(',', entries)})";
    }

    private static string ReadEstimate(in RtcpPacketView packet)
    {
        Assert.True(ReceiverEstimatedMaxBitrate.TryParse(packet, out var estimate));
        for (var i = 0; i < estimate.Count; i++)
        {
            estimate.GetSource(i);
        }

        return $"({estimate.BitsPerSecond}/{estimate.Count})";
    }
}
