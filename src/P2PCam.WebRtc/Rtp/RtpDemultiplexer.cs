namespace P2PCam.WebRtc.Rtp;

/// <summary>
/// Tells RTP from RTCP on one port (RFC 5761 section 4): an RTCP packet type of 192–223 in the second byte is what payload types
/// 64–95 with a marker would look like, and those are not used with rtcp-mux. Whether a datagram is RTP or RTCP
/// at all is decided by its first byte (RFC 7983 section 7): 128–191.
/// </summary>
internal static class RtpDemultiplexer
{
    public static bool IsRtpOrRtcp(ReadOnlySpan<byte> datagram) => datagram.Length >= 8 && (datagram[0] & 0xC0) == RtpHeader.Version2;

    public static bool IsRtcp(ReadOnlySpan<byte> datagram) => IsRtpOrRtcp(datagram) && datagram[1] is >= 192 and <= 223;
}
