namespace P2PCam.WebRtc.Srtp;

/// <summary>
/// One source on the sending side. It guarantees that an index is never used for two different packets: a few bytes of each recent
/// packet's tag are kept, and the tag depends on every byte. A packet may be sent again only if it comes out the same, which is what
/// a retransmission on the original SSRC does; anything older than the history is refused.
/// </summary>
internal sealed class RtpSendState
{
    public const int History = 2048;

    // 0: not sent. A tag's excerpt has its lowest bit set, so it is never 0.
    private readonly uint[] _tags = new uint[History];

    public long Highest { get; private set; } = -1;

    public long Estimate(ushort sequenceNumber) => Highest < 0 ? sequenceNumber : SrtpIndex.Estimate(Highest, sequenceNumber);

    public bool IsWithinHistory(long index) => Highest - index < History;

    /// <summary>Records a sealed packet; false if the index was used for other bytes, which then must not leave.</summary>
    public bool TryRecord(long index, uint tagExcerpt)
    {
        tagExcerpt |= 1;
        if (index > Highest)
        {
            ForgetBetween(Highest, index);
            Highest = index;
        }

        ref var known = ref _tags[(int)(index & (History - 1))];
        if (known == 0)
        {
            known = tagExcerpt;
        }

        return known == tagExcerpt;
    }

    private void ForgetBetween(long from, long to)
    {
        for (var index = Math.Max(from, to - History) + 1; index <= to; index++)
        {
            _tags[(int)(index & (History - 1))] = 0;
        }
    }
}
