using System.Buffers.Binary;

namespace P2PCam.WebRtc.Rtcp;

/// <summary>
/// Writes transport-wide feedback (layout in <see cref="TransportFeedback"/>) with the shortest chunk at each point: a run where
/// it covers more packets than a vector would, else 14 one-bit symbols, else 7 of two bits.
/// </summary>
internal static class TransportFeedbackWriter
{
    /// <summary>Stands for a packet that did not arrive.</summary>
    public const long NotReceived = long.MinValue;

    private const int MaxStatuses = ushort.MaxValue;
    private const int MaxLength = 4 * (ushort.MaxValue + 1);

    /// <summary>
    /// Writes as many statuses as fit. It stops early where the destination ends or where two arrivals lie more than 8.19 s
    /// apart: the rest starts another feedback packet.
    /// </summary>
    /// <param name="destination">At least 24 bytes; longer than 1200 makes no sense.</param>
    /// <param name="source">Who reports on which stream, and the count of feedback packets so far.</param>
    /// <param name="baseSequenceNumber">The sequence number of <c>arrivals[0]</c>.</param>
    /// <param name="arrivals">
    /// Arrival times in 250 us, or <see cref="NotReceived"/>, one per sequence number; the first has arrived.
    /// </param>
    /// <param name="reported">How many of <paramref name="arrivals"/> went in; at least one.</param>
    /// <returns>The packet's length.</returns>
    public static int Write(
        Span<byte> destination, in FeedbackSource source, ushort baseSequenceNumber, ReadOnlySpan<long> arrivals, out int reported)
    {
        if (arrivals.IsEmpty || arrivals[0] == NotReceived)
        {
            throw new ArgumentException(
                "The first packet reported on must have arrived: the reference time is taken from it.", nameof(arrivals));
        }

        const int Start = RtcpHeader.Length + TransportFeedback.FixedLength;
        _ = RtcpHeader.Take(destination, Start + 4);
        var reference = arrivals[0] >> 8;
        var packet = destination[..(Math.Min(destination.Length, MaxLength) & ~3)];
        var at = Start;
        var cursor = new Cursor(arrivals[..Math.Min(arrivals.Length, MaxStatuses)], reference * TransportFeedback.TicksPerReference);
        for (var deltas = 0; cursor.TryChoose(packet.Length - at - 2 - deltas, out var chunk, out var size); at += 2)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet[at..], chunk.Bits);
            deltas += size;
        }

        reported = cursor.Position;
        at = WriteDeltas(packet, at, arrivals[..reported], reference * TransportFeedback.TicksPerReference);
        var length = (at + 3) & ~3;
        packet[at..length].Clear();
        RtcpHeader.WriteFeedback(
            packet, RtcpHeader.TransportWideFormat, RtcpHeader.TransportLayerFeedbackType, length, source.SenderSsrc, source.MediaSsrc);
        BinaryPrimitives.WriteUInt16BigEndian(packet[12..], baseSequenceNumber);
        BinaryPrimitives.WriteUInt16BigEndian(packet[14..], (ushort)reported);
        BinaryPrimitives.WriteUInt32BigEndian(packet[16..], ((uint)reference << 8) | source.FeedbackCount);
        return length;
    }

    private static int WriteDeltas(Span<byte> packet, int at, ReadOnlySpan<long> arrivals, long previous)
    {
        foreach (var arrival in arrivals)
        {
            if (arrival == NotReceived)
            {
                continue;
            }

            var delta = arrival - previous;
            previous = arrival;
            if (delta is >= 0 and <= byte.MaxValue)
            {
                packet[at++] = (byte)delta;
            }
            else
            {
                BinaryPrimitives.WriteInt16BigEndian(packet[at..], (short)delta);
                at += 2;
            }
        }

        return at;
    }

    /// <summary>Stands before the first status that is in no chunk yet.</summary>
    private ref struct Cursor(ReadOnlySpan<long> arrivals, long start)
    {
        private readonly ReadOnlySpan<long> _arrivals = arrivals;
        private long _previous = start;

        public int Position { get; private set; }

        /// <summary>Picks the chunk that comes next and moves behind it; false at the end, or when it does not fit.</summary>
        public bool TryChoose(int roomForDeltas, out StatusChunk chunk, out int deltaBytes)
        {
            Span<StatusSymbol> window = stackalloc StatusSymbol[StatusChunk.OneBitCount];
            var ahead = Look(window, out var run, out var oneBit);
            chunk = default;
            deltaBytes = 0;
            if (ahead == 0 || roomForDeltas < 0)
            {
                return false;
            }

            // A vector may be cut short at the end only, and does: fewer symbols than fill one lie ahead only where the packet ends.
            var count = Math.Min(ahead, StatusChunk.TwoBitCount);
            if (run >= ahead || (run >= count && oneBit < ahead))
            {
                (chunk, count) = (StatusChunk.Run(window[0], run), run);
            }
            else if (oneBit == ahead)
            {
                (chunk, count) = (StatusChunk.OneBit(window[..oneBit]), oneBit);
            }
            else
            {
                chunk = StatusChunk.TwoBit(window[..count]);
            }

            deltaBytes = chunk.MeasureDeltas(count);
            if (deltaBytes > roomForDeltas)
            {
                // The remaining bytes may still take a part of it, as the packet's last chunk.
                var size = StatusChunk.DeltaLength(window[0]);
                var isRun = run >= StatusChunk.TwoBitCount && size > 0;
                count = isRun
                    ? Math.Min(run, roomForDeltas / size)
                    : FitPrefix(window[..Math.Min(StatusChunk.TwoBitCount, ahead)], roomForDeltas);
                chunk = isRun ? StatusChunk.Run(window[0], count) : StatusChunk.TwoBit(window[..count]);
                deltaBytes = chunk.MeasureDeltas(count);
            }

            Advance(count);
            return count > 0;
        }

        /// <summary>Reads up to 14 symbols, the run they start with (which may go on behind them), and how many fit one bit.</summary>
        private readonly int Look(Span<StatusSymbol> window, out int run, out int oneBit)
        {
            var (ahead, previous) = (0, _previous);
            (run, oneBit) = (0, -1);
            for (var i = Position; i < _arrivals.Length && ahead + run < StatusChunk.MaxRun; i++)
            {
                if (!TryClassify(_arrivals[i], ref previous, out var symbol) || (ahead == window.Length && symbol != window[0]))
                {
                    break;
                }

                if (ahead == window.Length)
                {
                    run++;
                    continue;
                }

                oneBit = oneBit < 0 && symbol == StatusSymbol.LargeDelta ? ahead : oneBit;
                window[ahead++] = symbol;
                if (ahead == window.Length && window.ContainsAnyExcept(window[0]))
                {
                    break;
                }
            }

            oneBit = oneBit < 0 ? ahead : oneBit;
            var different = window[..ahead].IndexOfAnyExcept(window[0]);
            run = different < 0 ? ahead + run : different;
            return ahead;
        }

        private static int FitPrefix(ReadOnlySpan<StatusSymbol> symbols, int room)
        {
            for (var i = 0; i < symbols.Length; i++)
            {
                room -= StatusChunk.DeltaLength(symbols[i]);
                if (room < 0)
                {
                    return i;
                }
            }

            return symbols.Length;
        }

        private void Advance(int count)
        {
            foreach (var arrival in _arrivals.Slice(Position, count))
            {
                _previous = arrival == NotReceived ? _previous : arrival;
            }

            Position += count;
        }

        private static bool TryClassify(long arrival, ref long previous, out StatusSymbol symbol)
        {
            symbol = StatusSymbol.NotReceived;
            if (arrival == NotReceived)
            {
                return true;
            }

            var delta = arrival - previous;
            previous = arrival;
            symbol = delta is >= 0 and <= byte.MaxValue ? StatusSymbol.SmallDelta : StatusSymbol.LargeDelta;
            return delta is >= short.MinValue and <= short.MaxValue;
        }
    }
}

/// <summary>Who reports, and on what.</summary>
/// <param name="SenderSsrc">The reporting side.</param>
/// <param name="MediaSsrc">Any stream of the other side; the feedback covers all of its transport.</param>
/// <param name="FeedbackCount">One more than in the feedback packet before.</param>
internal readonly record struct FeedbackSource(uint SenderSsrc, uint MediaSsrc, byte FeedbackCount);
