using P2PCam.WebRtc.Stun;

namespace P2PCam.WebRtc.Ice;

/// <summary>What happens by time: pacing, retransmission, giving up.</summary>
internal sealed partial class IceAgent
{
    private static readonly TimeSpan MaxRetransmissionInterval = TimeSpan.FromSeconds(2);

    private TimeSpan _nextCheckAt = TimeSpan.MinValue;
    private TimeSpan _failAt = TimeSpan.MaxValue;

    /// <summary>
    /// When <see cref="HandleTimeout"/> is due; <see cref="TimeSpan.MaxValue"/> if nothing is. Each call of another method may change
    /// it.
    /// </summary>
    public TimeSpan NextTimeout { get; private set; } = TimeSpan.MaxValue;

    /// <summary>Does what is due by now. Calling it early is harmless.</summary>
    public void HandleTimeout(TimeSpan now) => Advance(now);

    private bool MayCheckOrdinarily => _remote is not null && State is IceState.Checking or IceState.Disconnected;

    private void Advance(TimeSpan now)
    {
        if (!IsOver)
        {
            RetransmitOrFail(now);
            StartNextCheck(now);
            NominateIfDue(now);
            KeepConsent(now);
            FailIfHopeless(now);
            if (_previous is not null && now >= _previousUntil)
            {
                _previous = null;
            }
        }

        NextTimeout = FindNextTimeout(now);
    }

    private void RetransmitOrFail(TimeSpan now)
    {
        for (var i = 0; i < _checklist.Pairs.Count; i++)
        {
            var pair = _checklist.Pairs[i];
            if (pair.State != IcePairState.InProgress || now < pair.NextTransmission)
            {
                continue;
            }

            if (pair.Current.Transmissions >= _options.MaxTransmissions)
            {
                FailPair(pair);
                continue;
            }

            // RFC 8489 section 6.2.1: the interval doubles; it is capped here, so that many losses do not make a pair deaf for long.
            var interval = pair.RetransmissionTimeout * (1 << pair.CountTransmission() - 1);
            pair.NextTransmission = now + (interval < MaxRetransmissionInterval ? interval : MaxRetransmissionInterval);
            SendCheck(pair);
        }
    }

    private void StartNextCheck(TimeSpan now)
    {
        if (_remote is null || now < _nextCheckAt)
        {
            return;
        }

        var pair = _checklist.TakeTriggered() ?? (MayCheckOrdinarily ? _checklist.PeekOrdinary() : null);
        if (pair is not null)
        {
            StartCheck(now, pair, useCandidate: false);
            _nextCheckAt = now + _options.Pacing;
        }
    }

    private void StartCheck(TimeSpan now, IceCandidatePair pair, bool useCandidate)
    {
        // RFC 8445 section 14.3: with many checks under way the answers take their turn too.
        var crowded = _options.Pacing * _checklist.CountActive();
        var timeout = crowded > _options.MinimumRetransmissionTimeout ? crowded : _options.MinimumRetransmissionTimeout;
        pair.Begin(now, StunTransactionId.Create(_random), useCandidate, Role, timeout);
        pair.State = IcePairState.InProgress;
        SendCheck(pair);
    }

    private void SendCheck(IceCandidatePair pair)
    {
        Counters.ChecksSent++;
        Send(new IceTransmit(IceTransmitKind.Check, pair.Current.Id, pair.Local, pair.Remote)
        {
            Priority = IcePriority.AsPeerReflexive(pair.LocalPriority),
            UseCandidate = pair.Current.UseCandidate,
            Role = pair.Current.Role,
        });
    }

    private void OnCheckSucceeded(TimeSpan now, IceCandidatePair pair, in IceTransaction transaction)
    {
        pair.State = IcePairState.Succeeded;
        pair.IsValid = true;
        _checklist.Unfreeze(pair);
        if (pair == _selected)
        {
            _consent.OnResponse(now);
            HasConsent = true;
            if (State == IceState.Disconnected)
            {
                SetState(IceState.Connected);
            }
        }

        if (Role == IceRole.Controlling)
        {
            OnNomineeSucceeded(now, pair, transaction.UseCandidate);
        }
        else
        {
            SelectIfNominated(now, pair);
            SelectIfLost(now, pair);
        }
    }

    private void FailPair(IceCandidatePair pair)
    {
        pair.State = IcePairState.Failed;
        pair.IsValid = false;
        if (pair == _nominating)
        {
            _nominating = null;
        }
    }

    /// <summary>
    /// RFC 8863 section 4: failed pairs end nothing before the timer runs out, and a pair still under check is waited for after it.
    /// </summary>
    private void FailIfHopeless(TimeSpan now)
    {
        if (State == IceState.Checking && now >= _failAt && !_checklist.HasHope)
        {
            _nominating = null;
            SetState(IceState.Failed);
        }
    }

    private TimeSpan FindNextTimeout(TimeSpan now)
    {
        if (IsOver)
        {
            return TimeSpan.MaxValue;
        }

        var next = State == IceState.Checking && (now < _failAt || !_checklist.HasHope) ? _failAt : TimeSpan.MaxValue;
        foreach (var pair in _checklist.Pairs)
        {
            next = pair.State == IcePairState.InProgress ? Earlier(next, pair.NextTransmission) : next;
        }

        if (_remote is not null && (_checklist.HasTriggered || (MayCheckOrdinarily && _checklist.PeekOrdinary() is not null)))
        {
            next = Earlier(next, _nextCheckAt);
        }

        if (_selected is not null)
        {
            next = Earlier(next, Earlier(_consent.NextCheck, HasConsent ? Earlier(_consent.SendUntil, _consent.Expiry) : _consent.Expiry));
        }

        return Earlier(next, Earlier(NextNomination, _previous is null ? TimeSpan.MaxValue : _previousUntil));
    }

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
