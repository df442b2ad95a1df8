namespace P2PCam.WebRtc.Receiving;

/// <summary>
/// The packets that were skipped and are not here yet, and when to ask for each again (RFC 4585 generic NACK): first at once, then after a
/// round trip, a bounded number of times.
/// </summary>
internal sealed class MissingPackets
{
    private const int Capacity = 512;
    private const int MaxRequests = 10;
    private static readonly TimeSpan DefaultRoundTrip = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShortestRepeat = TimeSpan.FromMilliseconds(20);
    private readonly List<Entry> _entries = new(Capacity);

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
            _entries.Add(new Entry(sequenceNumber, now, now, 0));
        }

        return true;
    }

    public bool Remove(long sequenceNumber)
    {
        var index = _entries.FindIndex(entry => entry.SequenceNumber == sequenceNumber);
        if (index >= 0)
        {
            _entries.RemoveAt(index);
        }

        return index >= 0;
    }

    /// <summary>Forgets everything before a number: nobody waits for it any more.</summary>
    public void RemoveBefore(long sequenceNumber) => _entries.RemoveAll(entry => entry.SequenceNumber < sequenceNumber);

    /// <summary>Forgets what was noticed at this time or earlier: it will not come any more.</summary>
    public void RemoveUntil(TimeSpan since) => _entries.RemoveAll(entry => entry.Since <= since);

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

    private readonly record struct Entry(long SequenceNumber, TimeSpan Since, TimeSpan NextRequest, int Requests);
}
