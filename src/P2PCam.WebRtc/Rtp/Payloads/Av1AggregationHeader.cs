namespace P2PCam.WebRtc.Rtp.Payloads;

/// <summary>
/// The byte in front of the OBU elements of each packet (RTP Payload Format For AV1, version 1.0, section 4.4).
/// <code>
///  0 1 2 3 4 5 6 7
/// +-+-+-+-+-+-+-+-+
/// |Z|Y| W |N|-|-|-|   Z: the first element continues one of the packet before, Y: the last continues in the next,
/// +-+-+-+-+-+-+-+-+   W: the number of elements, 0 for any, N: a new coded video sequence starts
/// </code>
/// </summary>
internal readonly record struct Av1AggregationHeader(bool ContinuesFragment, bool IsContinued, int ElementCount, bool StartsSequence)
{
    /// <summary>Reads the header; false when no element follows it, or when it both continues and starts.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out Av1AggregationHeader header)
    {
        header = default;
        if (payload.Length < 2)
        {
            return false;
        }

        var first = payload[0];
        header = new Av1AggregationHeader((first & 0x80) != 0, (first & 0x40) != 0, (first >> 4) & 3, (first & 0x08) != 0);
        return !(header.ContinuesFragment && header.StartsSequence);
    }
}
