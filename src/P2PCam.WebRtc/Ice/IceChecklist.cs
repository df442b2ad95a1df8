using P2PCam.WebRtc.Stun;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Ice;

/// <summary>
/// The pairs by falling priority, and the queue of triggered checks (RFC 8445 sections 6.1.2 and 6.1.4). There is one component and so
/// one checklist.
/// </summary>
internal sealed class IceChecklist
{
    private readonly List<IceCandidatePair> _pairs = [];
    private readonly Queue<IceCandidatePair> _triggered = new();

    public List<IceCandidatePair> Pairs => _pairs;

    public bool HasTriggered => _triggered.Count > 0;

    public void Clear()
    {
        _pairs.Clear();
        _triggered.Clear();
    }

    public IceCandidatePair? Find(TransportAddress local, TransportAddress remote)
    {
        foreach (var pair in _pairs)
        {
            if (pair.IsBetween(local, remote))
            {
                return pair;
            }
        }

        return null;
    }

    /// <summary>
    /// The pair whose request this responds to; the answer has to come back the way the request went (RFC 8445 section 7.2.5.2.1).
    /// </summary>
    public IceCandidatePair? Find(TransportAddress local, TransportAddress remote, StunTransactionId id) =>
        Find(local, remote) is { } pair && pair.HasAsked(id) ? pair : null;

    /// <summary>False if the list is full of pairs that matter more.</summary>
    public bool TryAdd(IceCandidatePair pair, IceRole role, IceCandidatePair? keep)
    {
        pair.UpdatePriority(role);
        if (_pairs.Count >= IceLimits.Pairs)
        {
            var victim = _pairs.FindLastIndex(p =>
                p is { IsValid: false, IsAuthenticated: false, State: not IcePairState.InProgress } && p != keep);
            if (victim < 0 || (_pairs[victim].Priority >= pair.Priority && !pair.IsAuthenticated))
            {
                return false;
            }

            _pairs.RemoveAt(victim);
        }

        // Of the pairs with one foundation the first goes ahead and shows whether the others are worth a try (section 6.1.2.6).
        var known = _pairs.Exists(p => p.HasFoundationOf(pair));
        var proven = known && _pairs.Exists(p => p.HasFoundationOf(pair) && p.IsValid);
        pair.State = !known || proven ? IcePairState.Waiting : IcePairState.Frozen;
        var index = _pairs.FindIndex(p => p.Priority < pair.Priority);
        _pairs.Insert(index < 0 ? _pairs.Count : index, pair);
        return true;
    }

    /// <summary>Forgets the pairs of a local address that is no more.</summary>
    public void RemoveFrom(TransportAddress local, IceCandidatePair? keep) => _pairs.RemoveAll(pair => pair.Local == local && pair != keep);

    public void UpdatePriorities(IceRole role)
    {
        foreach (var pair in _pairs)
        {
            pair.UpdatePriority(role);
        }

        _pairs.Sort(static (a, b) => b.Priority.CompareTo(a.Priority));
    }

    public void Trigger(IceCandidatePair pair)
    {
        pair.State = IcePairState.Waiting;
        if (!pair.IsTriggered)
        {
            pair.IsTriggered = true;
            _triggered.Enqueue(pair);
        }
    }

    public IceCandidatePair? TakeTriggered()
    {
        while (_triggered.TryDequeue(out var pair))
        {
            pair.IsTriggered = false;
            if (pair.State == IcePairState.Waiting && _pairs.Contains(pair))
            {
                return pair;
            }
        }

        return null;
    }

    /// <summary>
    /// The best waiting pair; without one, the best frozen pair whose foundation is not being checked right now (section 6.1.4.2).
    /// </summary>
    public IceCandidatePair? PeekOrdinary()
    {
        IceCandidatePair? frozen = null;
        foreach (var pair in _pairs)
        {
            if (pair.State == IcePairState.Waiting)
            {
                return pair;
            }

            if (frozen is null && pair.State == IcePairState.Frozen && !IsFoundationBusy(pair))
            {
                frozen = pair;
            }
        }

        return frozen;
    }

    public void Unfreeze(IceCandidatePair like)
    {
        foreach (var pair in _pairs)
        {
            if (pair.State == IcePairState.Frozen && pair.HasFoundationOf(like))
            {
                pair.State = IcePairState.Waiting;
            }
        }
    }

    public int CountActive()
    {
        var count = 0;
        foreach (var pair in _pairs)
        {
            count += pair.State is IcePairState.Waiting or IcePairState.InProgress ? 1 : 0;
        }

        return count;
    }

    public bool HasHope => _pairs.Exists(static p => p.State is IcePairState.Frozen or IcePairState.Waiting or IcePairState.InProgress);

    private bool IsFoundationBusy(IceCandidatePair pair)
    {
        foreach (var other in _pairs)
        {
            if (other.State == IcePairState.InProgress && other.HasFoundationOf(pair))
            {
                return true;
            }
        }

        return false;
    }
}
