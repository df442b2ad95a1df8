namespace P2PCam.Broadcasting;

/// <summary>How much of a datagram is left for an RTP payload.</summary>
internal static class PacketSizes
{
    private const int RtpHeader = 12;
    private const int HeaderExtensions = 16;
    private const int RtxSequenceNumber = 2;
    private const int LargestSrtpTag = 16;

    public static int MaxPayload(int maxDatagramBytes) => maxDatagramBytes - RtpHeader - HeaderExtensions - RtxSequenceNumber - LargestSrtpTag;
}
