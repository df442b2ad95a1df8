namespace P2PCam.WebRtc.Wire;

/// <summary>
/// Tells the protocols on a WebRTC port apart.
/// <code>
/// first byte   0..3  STUN      20..63  DTLS      64..79  TURN ChannelData      128..191  RTP or RTCP      (RFC 7983 section 7)
/// second byte of RTP/RTCP   192..223  RTCP (packet type), anything else RTP    (RFC 5761 section 4)
/// </code>
/// The answer only says who should parse the datagram; it vouches for nothing in it.
/// </summary>
internal static class DatagramClassifier
{
    public static DatagramKind Classify(ReadOnlySpan<byte> datagram)
    {
        if (datagram.IsEmpty)
        {
            return DatagramKind.Unknown;
        }

        return datagram[0] switch
        {
            <= 3 => DatagramKind.Stun,
            >= 20 and <= 63 => DatagramKind.Dtls,
            >= 64 and <= 79 => DatagramKind.TurnChannel,
            >= 128 and <= 191 when datagram.Length > 1 => datagram[1] is >= 192 and <= 223 ? DatagramKind.Rtcp : DatagramKind.Rtp,
            _ => DatagramKind.Unknown,
        };
    }
}
