namespace P2PCam.WebRtc.Srtp;

/// <summary>
/// Which indices were accepted lately: a ring of bits, cleared a word at a time as it moves (RFC 3711 section 3.3.2, the ring as in
/// RFC 6479). Of its bits all but one word's worth are a window that holds at every position.
/// </summary>
internal struct ReplayWindow
{
    private const int WordBits = 64;
    private readonly ulong[] _words;

    /// <param name="bits">Size of the ring: a power of two, at least 128.</param>
    public ReplayWindow(int bits)
    {
        _words = new ulong[bits / WordBits];
        Highest = -1;
    }

    /// <summary>The highest index accepted; -1 before the first.</summary>
    public long Highest { get; private set; }

    private readonly long Reach => (_words.Length - 1L) * WordBits;

    public readonly bool IsFresh(long index)
    {
        if (index > Highest)
        {
            return true;
        }

        return Highest - index < Reach && (_words[Word(index)] & Bit(index)) == 0;
    }

    /// <summary>Marks an index as used. Call only after its packet was authenticated.</summary>
    public void Accept(long index)
    {
        if (index > Highest)
        {
            var from = Highest < 0 ? -1 : Highest / WordBits;
            var steps = Math.Min((index / WordBits) - from, _words.Length);
            for (var step = 1; step <= steps; step++)
            {
                _words[(int)((from + step) & (_words.Length - 1))] = 0;
            }

            Highest = index;
        }

        _words[Word(index)] |= Bit(index);
    }

    private readonly int Word(long index) => (int)((index / WordBits) & (_words.Length - 1));

    private static ulong Bit(long index) => 1UL << (int)(index & (WordBits - 1));
}
