using System.Buffers.Binary;

namespace P2PCam.WebRtc.Rtcp;

/// <summary>
/// Which packets arrived and when, for all streams of a transport (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1).
/// <code>
/// |                     SSRC of packet sender                     |
/// |                      SSRC of media source                     |
/// |      base sequence number     |      packet status count      |
/// |        reference time (24, signed, 64 ms)     | fb pkt. count |
/// |          packet chunk         |         packet chunk          |  until the statuses are counted out
/// | recv delta | ...                                              |  1 or 2 bytes per received packet, 250 us
/// </code>
/// The deltas chain: the first counts from the reference time, each other from the received packet before it.
/// </summary>
internal readonly ref struct TransportFeedback
{
    /// <summary>The unit of arrival times.</summary>
    public static readonly TimeSpan TickLength = TimeSpan.FromMicroseconds(250);

    internal const int FixedLength = 16;
    internal const int TicksPerReference = 256;

    private readonly ReadOnlySpan<byte> _chunks;
    private readonly ReadOnlySpan<byte> _deltas;

    private TransportFeedback(scoped in RtcpPacketView packet, int deltasStart, int deltasLength)
    {
        var body = packet.Body;
        SenderSsrc = packet.ReadSsrc(0);
        MediaSsrc = packet.ReadSsrc(4);
        BaseSequenceNumber = BinaryPrimitives.ReadUInt16BigEndian(body[8..]);
        StatusCount = BinaryPrimitives.ReadUInt16BigEndian(body[10..]);
        ReferenceTime = BinaryPrimitives.ReadInt32BigEndian(body[12..]) >> 8;
        FeedbackCount = body[15];
        _chunks = body[FixedLength..deltasStart];
        _deltas = body.Slice(deltasStart, deltasLength);
    }

    public uint SenderSsrc { get; }

    public uint MediaSsrc { get; }

    /// <summary>The transport-wide sequence number that the first status is about.</summary>
    public ushort BaseSequenceNumber { get; }

    /// <summary>How many packets in a row are reported on, 0–65535: senders of feedback keep their pace where nothing came.</summary>
    public int StatusCount { get; }

    /// <summary>On the receiver's clock in units of 64 ms, signed, wrapping at 24 bits.</summary>
    public int ReferenceTime { get; }

    /// <summary>Counts feedback packets, so that a lost one shows.</summary>
    public byte FeedbackCount { get; }

    public Enumerator GetEnumerator() => new(this);

    /// <summary>Checks that chunks cover all statuses and that the deltas they announce are there.</summary>
    public static bool TryParse(scoped in RtcpPacketView packet, out TransportFeedback feedback)
    {
        feedback = default;
        var body = packet.Body;
        if (packet.Kind != RtcpPacketKind.TransportFeedback || body.Length < FixedLength)
        {
            return false;
        }

        var left = (int)BinaryPrimitives.ReadUInt16BigEndian(body[10..]);
        var at = FixedLength;
        var deltas = 0;
        if (left == 0 && body[at..].ContainsAnyExcept((byte)0))
        {
            // Statuses that the count knows nothing of.
            return false;
        }

        while (left > 0)
        {
            if (at + 2 > body.Length)
            {
                return false;
            }

            var chunk = new StatusChunk(BinaryPrimitives.ReadUInt16BigEndian(body[at..]));
            var count = Math.Min(left, chunk.Count);
            deltas += chunk.MeasureDeltas(count);
            left -= count;
            at += 2;
        }

        if (at + deltas > body.Length)
        {
            return false;
        }

        feedback = new TransportFeedback(packet, at, deltas);
        return true;
    }

    /// <summary>Walks all statuses in the order of their sequence numbers.</summary>
    internal ref struct Enumerator(TransportFeedback feedback)
    {
        private readonly ReadOnlySpan<byte> _deltas = feedback._deltas;
        private ReadOnlySpan<byte> _chunks = feedback._chunks;
        private StatusChunk _chunk;
        private int _inChunk;
        private int _left = feedback.StatusCount;
        private ushort _next = feedback.BaseSequenceNumber;
        private long _arrival = (long)feedback.ReferenceTime * TicksPerReference;
        private int _delta;

        public PacketArrival Current { get; private set; }

        public bool MoveNext()
        {
            if (_left == 0)
            {
                return false;
            }

            while (_inChunk == _chunk.Count)
            {
                _chunk = new StatusChunk(BinaryPrimitives.ReadUInt16BigEndian(_chunks));
                _chunks = _chunks[2..];
                _inChunk = 0;
            }

            var symbol = _chunk[_inChunk++];
            _left--;
            Current = new PacketArrival(_next++, TryAdvance(symbol) ? _arrival : null);
            return true;
        }

        private bool TryAdvance(StatusSymbol symbol)
        {
            switch (symbol)
            {
                case StatusSymbol.SmallDelta:
                    _arrival += _deltas[_delta++];
                    return true;
                case StatusSymbol.LargeDelta:
                    _arrival += BinaryPrimitives.ReadInt16BigEndian(_deltas[_delta..]);
                    _delta += 2;
                    return true;
                default:
                    return false;
            }
        }
    }
}

/// <summary>One packet's fate.</summary>
/// <param name="SequenceNumber">Its transport-wide sequence number.</param>
/// <param name="ArrivalTicks">When it arrived on the receiver's clock, in 250 us; null when it did not (yet).</param>
internal readonly record struct PacketArrival(ushort SequenceNumber, long? ArrivalTicks);
