using P2PCam.WebRtc.Rtcp;

namespace P2PCam.WebRtc.Sending;

/// <summary>What a viewer's RTCP asks of one sender: loss and round-trip time, packets to resend, a key frame.</summary>
internal sealed class FeedbackReader(uint ssrc)
{
    // One datagram can name at most some thousand packets; more than a history holds is not worth looking at.
    private const int MaxNacksPerDatagram = 1024;

    public TimeSpan? RoundTripTime { get; private set; }

    /// <summary>Share of packets lost since the report before, 0 to 1 (RFC 3550 section 6.4.1).</summary>
    public double LossRate { get; private set; }

    public long KeyFrameRequests { get; private set; }

    /// <summary>Reads one decrypted compound or reduced-size packet; true when the viewer needs a key frame.</summary>
    public bool Read(ReadOnlySpan<byte> rtcp, NtpTimestamp arrival, VideoSender sender)
    {
        var keyFrameNeeded = false;
        var reader = new RtcpCompoundReader(rtcp);
        while (reader.MoveNext())
        {
            var packet = reader.Current;
            switch (packet.Kind)
            {
                case RtcpPacketKind.ReceiverReport when ReceiverReport.TryParse(packet, out var report):
                    ReadReports(report.Reports, arrival);
                    break;
                case RtcpPacketKind.SenderReport when SenderReport.TryParse(packet, out var report):
                    ReadReports(report.Reports, arrival);
                    break;
                case RtcpPacketKind.GenericNack when GenericNack.TryParse(packet, out var nack) && nack.MediaSsrc == ssrc:
                    QueueResends(nack, sender);
                    break;
                case RtcpPacketKind.PictureLossIndication when PictureLossIndication.TryParse(packet, out var indication) && indication.MediaSsrc == ssrc:
                    KeyFrameRequests++;
                    keyFrameNeeded = true;
                    break;
                case RtcpPacketKind.FullIntraRequest when FullIntraRequest.TryParse(packet, out var request) && Names(request, ssrc):
                    KeyFrameRequests++;
                    keyFrameNeeded = true;
                    break;
            }
        }

        return keyFrameNeeded;
    }

    private static bool Names(in FullIntraRequest request, uint ssrc)
    {
        for (var i = 0; i < request.Count; i++)
        {
            if (request[i].Ssrc == ssrc)
            {
                return true;
            }
        }

        return false;
    }

    private static void QueueResends(in GenericNack nack, VideoSender sender)
    {
        var count = 0;
        foreach (var sequenceNumber in nack)
        {
            if (++count > MaxNacksPerDatagram)
            {
                return;
            }

            sender.QueueResend(sequenceNumber);
        }
    }

    private void ReadReports(in ReportBlockList reports, NtpTimestamp arrival)
    {
        foreach (var report in reports)
        {
            if (report.Ssrc != ssrc)
            {
                continue;
            }

            LossRate = report.FractionLost / 256.0;
            RoundTripTime = Rtcp.RoundTripTime.From(report, arrival) ?? RoundTripTime;
        }
    }
}
