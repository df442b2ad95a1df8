using System.Buffers.Binary;

namespace P2PCam.WebRtc.Rtcp;

/// <summary>
/// What a receiver reports about one source (RFC 3550 section 6.4.1).
/// <code>
/// |                         SSRC of the source                    |
/// | fraction lost |       cumulative packets lost, signed (24)    |
/// |           extended highest sequence number received           |
/// |                      interarrival jitter                      |
/// |                         last SR (LSR)                         |
/// |                   delay since last SR (DLSR)                  |
/// </code>
/// </summary>
/// <param name="Ssrc">The source that this is about.</param>
/// <param name="FractionLost">Lost since the report before, in 1/256.</param>
/// <param name="CumulativeLost">Lost since the start; negative when duplicates outnumber losses.</param>
/// <param name="HighestSequenceNumber">With the count of wraps in the upper half.</param>
/// <param name="Jitter">In units of the RTP timestamp.</param>
/// <param name="LastSenderReport">The compact NTP time of the last SR; 0 when there was none.</param>
/// <param name="DelaySinceLastSenderReport">In 1/65536 s.</param>
internal readonly record struct ReportBlock(
    uint Ssrc,
    byte FractionLost,
    int CumulativeLost,
    uint HighestSequenceNumber,
    uint Jitter,
    uint LastSenderReport,
    uint DelaySinceLastSenderReport)
{
    public const int Length = 24;

    private const int MaxCumulativeLost = 0x7FFFFF;

    internal static ReportBlock Read(ReadOnlySpan<byte> block) => new(
        BinaryPrimitives.ReadUInt32BigEndian(block),
        block[4],
        BinaryPrimitives.ReadInt32BigEndian(block[4..]) << 8 >> 8,
        BinaryPrimitives.ReadUInt32BigEndian(block[8..]),
        BinaryPrimitives.ReadUInt32BigEndian(block[12..]),
        BinaryPrimitives.ReadUInt32BigEndian(block[16..]),
        BinaryPrimitives.ReadUInt32BigEndian(block[20..]));

    internal void Write(Span<byte> block)
    {
        var lost = Math.Clamp(CumulativeLost, -MaxCumulativeLost - 1, MaxCumulativeLost) & 0xFFFFFF;
        BinaryPrimitives.WriteUInt32BigEndian(block, Ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(block[4..], ((uint)FractionLost << 24) | (uint)lost);
        BinaryPrimitives.WriteUInt32BigEndian(block[8..], HighestSequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(block[12..], Jitter);
        BinaryPrimitives.WriteUInt32BigEndian(block[16..], LastSenderReport);
        BinaryPrimitives.WriteUInt32BigEndian(block[20..], DelaySinceLastSenderReport);
    }
}

/// <summary>The report blocks of a packet, decoded one at a time.</summary>
internal readonly ref struct ReportBlockList(ReadOnlySpan<byte> blocks)
{
    private readonly ReadOnlySpan<byte> _blocks = blocks;

    public int Count => _blocks.Length / ReportBlock.Length;

    public ReportBlock this[int index] => ReportBlock.Read(_blocks.Slice(index * ReportBlock.Length, ReportBlock.Length));

    public Enumerator GetEnumerator() => new(this);

    internal ref struct Enumerator(ReportBlockList list)
    {
        private readonly ReportBlockList _list = list;
        private int _index = -1;

        public readonly ReportBlock Current => _list[_index];

        public bool MoveNext() => ++_index < _list.Count;
    }
}
