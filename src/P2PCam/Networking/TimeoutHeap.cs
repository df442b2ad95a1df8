namespace P2PCam.Networking;

/// <summary>
/// Sessions by the moment they want to be driven at, the earliest first: a binary heap in which each session knows its own place, so
/// that moving or removing one costs the logarithm of their number and no search.
/// </summary>
internal sealed class TimeoutHeap
{
    private readonly List<DrivenSession> _heap = [];

    /// <summary>The earliest moment; <see cref="TimeSpan.MaxValue"/> when nobody waits for one.</summary>
    public TimeSpan Next => _heap.Count == 0 ? TimeSpan.MaxValue : _heap[0].Due;

    /// <summary>Enters a session, or moves it.</summary>
    public void Set(DrivenSession driven, TimeSpan due)
    {
        if (driven.HeapIndex < 0)
        {
            driven.Due = due;
            driven.HeapIndex = _heap.Count;
            _heap.Add(driven);
            SiftUp(driven);
        }
        else if (due != driven.Due)
        {
            var earlier = due < driven.Due;
            driven.Due = due;
            Restore(driven, earlier);
        }
    }

    /// <summary>Takes a session out; one that is not in is let be.</summary>
    public void Remove(DrivenSession driven)
    {
        if (driven.HeapIndex < 0)
        {
            return;
        }

        var last = _heap[^1];
        _heap.RemoveAt(_heap.Count - 1);
        if (!ReferenceEquals(last, driven))
        {
            Place(last, driven.HeapIndex);
            Restore(last, last.Due < driven.Due);
        }

        driven.HeapIndex = -1;
    }

    /// <summary>Takes out the earliest session if its moment has come.</summary>
    public bool TryTakeDue(TimeSpan now, out DrivenSession driven)
    {
        driven = null!;
        if (Next > now || _heap.Count == 0)
        {
            return false;
        }

        driven = _heap[0];
        Remove(driven);
        return true;
    }

    public void Clear()
    {
        foreach (var driven in _heap)
        {
            driven.HeapIndex = -1;
        }

        _heap.Clear();
    }

    private void Restore(DrivenSession driven, bool earlier)
    {
        if (earlier)
        {
            SiftUp(driven);
        }
        else
        {
            SiftDown(driven);
        }
    }

    private void SiftUp(DrivenSession driven)
    {
        var at = driven.HeapIndex;
        while (at > 0 && driven.Due < _heap[(at - 1) / 2].Due)
        {
            Place(_heap[(at - 1) / 2], at);
            at = (at - 1) / 2;
        }

        Place(driven, at);
    }

    private void SiftDown(DrivenSession driven)
    {
        var at = driven.HeapIndex;
        for (var child = (2 * at) + 1; child < _heap.Count; child = (2 * at) + 1)
        {
            child += child + 1 < _heap.Count && _heap[child + 1].Due < _heap[child].Due ? 1 : 0;
            if (driven.Due <= _heap[child].Due)
            {
                break;
            }

            Place(_heap[child], at);
            at = child;
        }

        Place(driven, at);
    }

    private void Place(DrivenSession driven, int at)
    {
        _heap[at] = driven;
        driven.HeapIndex = at;
    }
}
