using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Ice;

/// <summary>Which pair carries media, and for how long it may.</summary>
internal sealed partial class IceAgent
{
    // An answer older than this says too little about a pair to move media to it.
    private static readonly TimeSpan FreshEnough = TimeSpan.FromSeconds(10);

    private IceCandidatePair? _selected;
    private IceCandidatePair? _nominating;
    private IceCandidatePair? _previous;
    private TimeSpan _previousUntil;
    private TimeSpan? _firstValidAt;
    private TimeSpan _nomineesSince = TimeSpan.MinValue;

    /// <summary>When the controlling side stops waiting for a better pair.</summary>
    private TimeSpan NextNomination =>
        _firstValidAt is { } first && IsNominationOpen ? first + _options.NominationDelay : TimeSpan.MaxValue;

    private bool IsNominationOpen =>
        Role == IceRole.Controlling && _nominating is null && State is IceState.Checking or IceState.Disconnected;

    /// <summary>The pair to send media on. After a restart it is the previous one until another is selected.</summary>
    public bool TryGetSelectedPair(out TransportAddress local, out TransportAddress remote)
    {
        var pair = _selected ?? _previous;
        local = pair?.Local ?? default;
        remote = pair?.Remote ?? default;
        return pair is not null;
    }

    /// <summary>Controlled side: the peer's check had, or had not, USE-CANDIDATE (RFC 8445 section 7.3.1.5).</summary>
    private void OnNominationFlag(TimeSpan now, IceCandidatePair pair, bool useCandidate)
    {
        if (!useCandidate)
        {
            pair.Nomination.OnPlainCheck();
            return;
        }

        pair.Nomination.OnUseCandidate();
        pair.Nomination.Pending = true;
        if (pair == _selected)
        {
            pair.Nomination.Pending = false;
            foreach (var other in _checklist.Pairs)
            {
                other.Nomination.OnSelectedConfirmed();
            }
        }
        else if (pair.IsValid && now - pair.LastResponseAt <= FreshEnough)
        {
            SelectIfNominated(now, pair);
        }
        else if (pair.State == IcePairState.Succeeded)
        {
            _checklist.Trigger(pair);
        }
    }

    private void SelectIfNominated(TimeSpan now, IceCandidatePair pair)
    {
        if (!pair.Nomination.Pending)
        {
            return;
        }

        pair.Nomination.Pending = false;
        if (_selected is null || pair.Priority > _selected.Priority || pair.Nomination.Insists || State == IceState.Disconnected)
        {
            Select(now, pair);
        }
    }

    /// <summary>Controlling side: a check of ours was answered.</summary>
    private void OnNomineeSucceeded(TimeSpan now, IceCandidatePair pair, bool nominated)
    {
        if (nominated)
        {
            _nominating = pair == _nominating ? null : _nominating;
            Select(now, pair);
        }
        else if (IsNominationOpen && pair != _selected)
        {
            _firstValidAt ??= now;
        }
    }

    /// <summary>
    /// Controlling side: regular nomination (RFC 8445 section 8.1.1). The best pair that may still work is nominated at once when it has
    /// proven itself; a lesser one only after a moment's wait.
    /// </summary>
    private void NominateIfDue(TimeSpan now)
    {
        if (_firstValidAt is null || !IsNominationOpen)
        {
            return;
        }

        IceCandidatePair? best = null;
        var hopes = false;
        foreach (var pair in _checklist.Pairs)
        {
            if (pair != _selected && pair.IsValid && pair.LastResponseAt >= _nomineesSince)
            {
                best = pair;
                break;
            }

            hopes |= pair != _selected && pair.State is not (IcePairState.Failed or IcePairState.Succeeded);
        }

        if (best is null)
        {
            _firstValidAt = null;
        }
        else if (!hopes || now >= _firstValidAt + _options.NominationDelay)
        {
            _nominating = best;
            StartCheck(now, best, useCandidate: true);
        }
    }

    private void Select(TimeSpan now, IceCandidatePair pair)
    {
        if (pair == _selected)
        {
            return;
        }

        if (_selectedIsLost && _selected is { } lost)
        {
            _checklist.RemoveFrom(lost.Local, keep: pair);
        }

        _selected = pair;
        _selectedIsLost = false;
        _previous = null;
        _firstValidAt = null;
        foreach (var other in _checklist.Pairs)
        {
            other.Nomination.OnSelectedConfirmed();
        }

        _consent.Start(now, pair.LastResponseAt);
        Raise(IceEventKind.SelectedPairChanged, pair.Local, pair.Remote);
        SetState(IceState.Connected);
    }

    private void KeepConsent(TimeSpan now)
    {
        if (_selected is not { } pair)
        {
            HasConsent = true;
            return;
        }

        HasConsent = now < _consent.SendUntil;

        if (now >= _consent.Expiry)
        {
            LoseConsent();
            return;
        }

        if (now < _consent.NextCheck)
        {
            return;
        }

        if (State == IceState.Connected && _consent.IsSilent(now))
        {
            LookAround(now);
        }

        _consent.OnSent(now);
        if (pair.State != IcePairState.InProgress)
        {
            // A new transaction that is not retransmitted: the pair stays as it is.
            var state = pair.State;
            StartCheck(now, pair, useCandidate: false);
            pair.State = state;
        }
    }

    /// <summary>The selected pair went silent: all other pairs are tried again, and the controlling side nominates what answers.</summary>
    private void LookAround(TimeSpan now)
    {
        SetState(IceState.Disconnected);
        _nomineesSince = now;
        _firstValidAt = null;
        foreach (var pair in _checklist.Pairs)
        {
            if (pair != _selected && pair.State is IcePairState.Failed or IcePairState.Succeeded)
            {
                pair.State = IcePairState.Waiting;
            }
        }
    }

    private void LoseConsent()
    {
        _selected = _previous = _nominating = null;
        _transmits.Clear();
        SetState(IceState.Failed);
        Raise(IceEventKind.ConsentLost);
    }

    private void SwitchRole()
    {
        Role = Role == IceRole.Controlling ? IceRole.Controlled : IceRole.Controlling;
        _nominating = null;
        _checklist.UpdatePriorities(Role);
        Raise(IceEventKind.RoleChanged);
        if (Role == IceRole.Controlling && State == IceState.Checking)
        {
            // What was proven before now waits for our nomination.
            foreach (var pair in _checklist.Pairs)
            {
                if (pair.IsValid)
                {
                    _firstValidAt ??= pair.LastResponseAt;
                }
            }
        }
    }
}
