namespace P2PCam.WebRtc.Srtp;

/// <summary>The 48-bit packet index: roll-over counter times 2^16 plus sequence number (RFC 3711 section 3.3.1).</summary>
internal static class SrtpIndex
{
    public const long Limit = 1L << 48;

    /// <summary>
    /// The index that a sequence number most likely means, given the highest index so far. May be <see cref="Limit"/> or more: then
    /// the key is used up. Before the first roll-over nothing can lie in an earlier cycle, so there the counter stays 0.
    /// </summary>
    public static long Estimate(long highest, ushort sequenceNumber)
    {
        var newest = (ushort)highest;
        var cycle = highest >> 16;
        if (newest < 0x8000)
        {
            if (sequenceNumber - newest > 0x8000 && cycle > 0)
            {
                cycle--;
            }
        }
        else if (newest - 0x8000 > sequenceNumber)
        {
            cycle++;
        }

        return (cycle << 16) | sequenceNumber;
    }
}
