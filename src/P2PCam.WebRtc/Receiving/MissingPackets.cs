namespace P2PCam.WebRtc.Receiving;

/// <summary>
/// The packets that were skipped and are not here yet, and when to ask for each (RFC 4585 generic NACK): first at once, or, where packets were seen
/// to overtake each other, when this one is later than those were; then after a round trip, a bounded number of times.
/// </summary>
internal sealed class MissingPackets
{
    private const int Capacity = 512;
    private const int MaxRequests = 10;
    private static readonly TimeSpan DefaultRoundTrip = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShortestRepeat = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestReordering = TimeSpan.FromMilliseconds(60);
    private readonly List<Entry> _entries = new(Capacity);
    private TimeSpan _reordering;

    public int Count => _entries.Count;

    /// <summary>When the oldest was noticed; null when nothing is missing.</summary>
    public TimeSpan? OldestSince => _entries.Count > 0 ? _entries[0].Since : null;

    /// <summary>Notes the numbers between two received packets; false when there are too many to be worth asking for.</summary>
    public bool Add(TimeSpan now, long first, long end)
    {
        if (end - first + _entries.Count > Capacity)
        {
            return false;
        }

        for (var sequenceNumber = first; sequenceNumber < end; sequenceNumber++)
        {
            _entries.Add(new Entry(sequenceNumber, now, now + _reordering, 0));
        }

        return true;
    }

    /// <summary>Whether a packet is waited for.</summary>
    public bool Contains(long sequenceNumber) => IndexOf(sequenceNumber) >= 0;

    /// <summary>A packet came; false when it was not waited for.</summary>
    /// <param name="now">When.</param>
    /// <param name="sequenceNumber">Which.</param>
    /// <param name="isResent">Whether it is a retransmission, and not the original that was overtaken by others.</param>
    public bool Remove(TimeSpan now, long sequenceNumber, bool isResent)
    {
        var index = IndexOf(sequenceNumber);
        if (index < 0)
        {
            return false;
        }

        if (!isResent)
        {
            LearnReordering(now - _entries[index].Since);
        }

        _entries.RemoveAt(index);
        return true;
    }

    /// <summary>Forgets everything before a number: nobody waits for it any more.</summary>
    public void RemoveBefore(long sequenceNumber)
    {
        var count = 0;
        while (count < _entries.Count && _entries[count].SequenceNumber < sequenceNumber)
        {
            count++;
        }

        _entries.RemoveRange(0, count);
    }

    /// <summary>Forgets what was noticed at this time or earlier: it will not come any more.</summary>
    public void RemoveUntil(TimeSpan since)
    {
        var count = 0;
        while (count < _entries.Count && _entries[count].Since <= since)
        {
            count++;
        }

        _entries.RemoveRange(0, count);
    }

    public void Clear() => _entries.Clear();

    /// <summary>Takes the numbers that are due to be asked for, in order; returns how many.</summary>
    public int TakeDue(TimeSpan now, TimeSpan? roundTripTime, Span<ushort> due)
    {
        var wait = TimeSpan.FromTicks(Math.Max((roundTripTime ?? DefaultRoundTrip).Ticks * 5 / 4, ShortestRepeat.Ticks));
        var count = 0;
        for (var i = 0; i < _entries.Count && count < due.Length; i++)
        {
            var entry = _entries[i];
            if (entry.NextRequest <= now && entry.Requests < MaxRequests)
            {
                due[count++] = (ushort)entry.SequenceNumber;
                _entries[i] = entry with { NextRequest = now + wait, Requests = entry.Requests + 1 };
            }
        }

        return count;
    }

    /// <summary>When <see cref="TakeDue"/> will have something; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    public TimeSpan NextDue()
    {
        var next = TimeSpan.MaxValue;
        foreach (var entry in _entries)
        {
            next = entry.Requests < MaxRequests && entry.NextRequest < next ? entry.NextRequest : next;
        }

        return next;
    }

    // Entries are in order of both number and time. Most packets are waited for by nobody, which the ends tell.
    private int IndexOf(long sequenceNumber)
    {
        if (_entries.Count == 0 || sequenceNumber < _entries[0].SequenceNumber || sequenceNumber > _entries[^1].SequenceNumber)
        {
            return -1;
        }

        var (low, high) = (0, _entries.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var found = _entries[middle].SequenceNumber;
            if (found == sequenceNumber)
            {
                return middle;
            }

            (low, high) = found < sequenceNumber ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    // Follows upwards at once and forgets slowly: asking for what comes anyway costs the path as much as a loss.
    private void LearnReordering(TimeSpan late)
    {
        var decayed = _reordering - (_reordering / 256);
        var seen = late < LongestReordering ? late : LongestReordering;
        _reordering = seen > decayed ? seen : decayed;
    }

    private readonly record struct Entry(long SequenceNumber, TimeSpan Since, TimeSpan NextRequest, int Requests);
}
