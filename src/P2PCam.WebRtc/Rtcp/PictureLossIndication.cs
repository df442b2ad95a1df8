namespace P2PCam.WebRtc.Rtcp;

/// <summary>
/// PLI (RFC 4585 section 6.3.1): the decoder lost its reference and needs a key frame. Feedback header only, no further data.
/// </summary>
internal readonly record struct PictureLossIndication(uint SenderSsrc, uint MediaSsrc)
{
    public const int PacketLength = RtcpHeader.FeedbackLength;

    public static bool TryParse(scoped in RtcpPacketView packet, out PictureLossIndication indication)
    {
        var valid = packet.Kind == RtcpPacketKind.PictureLossIndication && packet.Body.Length >= 8;
        indication = valid ? new PictureLossIndication(packet.ReadSsrc(0), packet.ReadSsrc(4)) : default;
        return valid;
    }

    /// <summary>Writes the 12 bytes; returns their count.</summary>
    public int Write(Span<byte> destination)
    {
        var packet = RtcpHeader.Take(destination, PacketLength);
        RtcpHeader.WriteFeedback(
            packet, RtcpHeader.PictureLossFormat, RtcpHeader.PayloadSpecificFeedbackType, PacketLength, SenderSsrc, MediaSsrc);
        return PacketLength;
    }
}
