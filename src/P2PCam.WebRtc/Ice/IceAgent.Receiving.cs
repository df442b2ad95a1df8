using P2PCam.WebRtc.Stun;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Ice;

/// <summary>
/// What comes in. Nothing is stored and nothing is answered before MESSAGE-INTEGRITY has been verified: RFC 8489 section 9.1.3 would
/// answer strangers with 400 and 401, which helps only those who look for open ports or for a reflector.
/// </summary>
internal sealed partial class IceAgent
{
    private readonly List<IceEarlyCheck> _early = [];
    private readonly List<TransportAddress> _mapped = [];

    /// <summary>Takes any STUN datagram that came to a socket of this session.</summary>
    /// <param name="now">The driver's monotonic time.</param>
    /// <param name="local">The local address it came to: the base of a local candidate.</param>
    /// <param name="remote">Where it came from.</param>
    /// <param name="datagram">Not kept.</param>
    public StunOutcome HandleDatagram(TimeSpan now, TransportAddress local, TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        if (IsOver)
        {
            return StunOutcome.Ignored;
        }

        if (!StunMessage.TryParse(datagram, out var message) || message.Method != StunMethod.Binding
            || (message.HasFingerprint && !message.VerifyFingerprint()))
        {
            Counters.Malformed++;
            return StunOutcome.Malformed;
        }

        var outcome = message.Class switch
        {
            StunClass.Request => HandleRequest(now, local, remote, message),
            StunClass.Indication => StunOutcome.Indication,
            _ => HandleResponse(now, local, remote, message),
        };
        Advance(now);
        return outcome;
    }

    /// <summary>
    /// Whether the peer has shown its credentials on this pair, by a check of its own or by answering one: only from there may DTLS and
    /// SRTP be taken.
    /// </summary>
    public bool IsAuthenticatedPair(TransportAddress local, TransportAddress remote)
    {
        if (_selected?.IsBetween(local, remote) == true || _previous?.IsBetween(local, remote) == true)
        {
            return true;
        }

        return !IsOver && (_checklist.Find(local, remote)?.IsAuthenticated == true || IndexOfEarly(local, remote) >= 0);
    }

    private StunOutcome HandleRequest(TimeSpan now, TransportAddress local, TransportAddress remote, in StunMessage message)
    {
        if (!message.TryGet(StunAttributeType.Username, out var username)
            || !IceMessages.IsUsernameForUs(username, _local, _remote, out var theirs))
        {
            Counters.NotForUs++;
            return StunOutcome.NotForUs;
        }

        if (!message.VerifyIntegrity(_local.Key))
        {
            Counters.BadIntegrity++;
            return StunOutcome.BadIntegrity;
        }

        Counters.ChecksReceived++;
        Span<StunAttributeType> unknown = stackalloc StunAttributeType[1];
        if (message.GetUnknownRequired(unknown) > 0)
        {
            Send(new IceTransmit(IceTransmitKind.UnknownAttribute, message.TransactionId, local, remote) { UnknownAttribute = unknown[0] });
            return StunOutcome.UnknownAttribute;
        }

        if (MustPeerChangeRole(message))
        {
            Counters.RoleConflicts++;
            Send(new IceTransmit(IceTransmitKind.RoleConflict, message.TransactionId, local, remote));
            return StunOutcome.RoleConflict;
        }

        Send(new IceTransmit(IceTransmitKind.Success, message.TransactionId, local, remote));
        message.TryGetUInt32(StunAttributeType.Priority, out var priority);
        var useCandidate = message.Has(StunAttributeType.UseCandidate);
        if (_remote is null)
        {
            RememberEarlyCheck(new IceEarlyCheck(local, remote, priority, useCandidate, IceMessages.TextOf(theirs)));
        }
        else
        {
            OnCheck(now, local, remote, priority, useCandidate);
        }

        return StunOutcome.RequestAccepted;
    }

    /// <summary>RFC 8445 section 7.3.1.1: the larger tie-breaker gets the role it wants to be in.</summary>
    private bool MustPeerChangeRole(in StunMessage message)
    {
        if (IsRemoteLite)
        {
            return false;
        }

        if (Role == IceRole.Controlling && message.TryGetUInt64(StunAttributeType.IceControlling, out var theirs))
        {
            if (TieBreaker >= theirs)
            {
                return true;
            }

            SwitchRole();
        }
        else if (Role == IceRole.Controlled && message.TryGetUInt64(StunAttributeType.IceControlled, out theirs))
        {
            if (TieBreaker < theirs)
            {
                return true;
            }

            SwitchRole();
        }

        return false;
    }

    private void OnCheck(TimeSpan now, TransportAddress local, TransportAddress remote, uint priority, bool useCandidate)
    {
        if (LearnPair(local, remote, priority) is not { } pair)
        {
            return;
        }

        pair.IsAuthenticated = true;
        if (pair == _selected)
        {
            _consent.OnHeard(now);
        }

        // RFC 8445 section 7.3.1.4. A check that is under way stays: sending it again does what a new transaction would, now that the
        // peer's check has opened its side.
        if (pair.State == IcePairState.InProgress)
        {
            if (now - pair.Current.FirstSentAt >= _options.Pacing)
            {
                SendCheck(pair);
            }
        }
        else if (pair.State != IcePairState.Succeeded)
        {
            _checklist.Trigger(pair);
        }

        if (Role == IceRole.Controlled)
        {
            OnNominationFlag(now, pair, useCandidate);
        }
    }

    private void RememberEarlyCheck(in IceEarlyCheck check)
    {
        var index = IndexOfEarly(check.Local, check.Remote);
        if (index >= 0)
        {
            _early[index] = check with { UseCandidate = check.UseCandidate || _early[index].UseCandidate };
        }
        else if (_early.Count < IceLimits.PeerReflexiveCandidates)
        {
            _early.Add(check);
        }
        else
        {
            Counters.LimitsHit++;
        }
    }

    private int IndexOfEarly(TransportAddress local, TransportAddress remote)
    {
        for (var i = 0; i < _early.Count; i++)
        {
            if (_early[i].Remote == remote && _early[i].Local == local)
            {
                return i;
            }
        }

        return -1;
    }

    private void ReplayEarlyChecks(TimeSpan now)
    {
        foreach (var check in _early)
        {
            if (check.RemoteUfrag == _remote!.Ufrag)
            {
                OnCheck(now, check.Local, check.Remote, check.Priority, check.UseCandidate);
            }
        }

        _early.Clear();
    }

    private StunOutcome HandleResponse(TimeSpan now, TransportAddress local, TransportAddress remote, in StunMessage message)
    {
        var pair = _checklist.Find(local, remote, message.TransactionId);
        if (_remote is null || pair is null || message.GetUnknownRequired(stackalloc StunAttributeType[1]) > 0)
        {
            Counters.UnknownTransactions++;
            return StunOutcome.UnknownTransaction;
        }

        // Errors without integrity are dropped too: anybody could have written them, and silence ends a check as well.
        if (!message.VerifyIntegrity(_remote.Key))
        {
            Counters.BadIntegrity++;
            return StunOutcome.BadIntegrity;
        }

        var transaction = pair.Take(message.TransactionId);
        Counters.ResponsesReceived++;
        pair.IsAuthenticated = true;
        if (message.Class == StunClass.SuccessResponse)
        {
            // Success is success: which address the peer sees us at is no condition of it, and FFmpeg's muxer does not say.
            if (message.TryGetXorAddress(StunAttributeType.XorMappedAddress, out var mapped))
            {
                NoteMapped(pair, mapped);
            }

            pair.OnResponse(now, transaction);
            OnCheckSucceeded(now, pair, transaction);
        }
        else
        {
            message.TryGetErrorCode(out var code);
            OnCheckRefused(pair, transaction, code);
        }

        return StunOutcome.ResponseAccepted;
    }

    private void OnCheckRefused(IceCandidatePair pair, in IceTransaction transaction, int code)
    {
        switch (code)
        {
            case 487 when !IsRemoteLite:
                Counters.RoleConflicts++;
                if (transaction.Role == Role)
                {
                    SwitchRole();
                }

                _checklist.Trigger(pair);
                break;
            case 403 when pair == _selected:
                LoseConsent();
                break;
            default:
                FailPair(pair);
                break;
        }
    }

    /// <summary>
    /// The address the peer sees us at. If it is not the base, it would be a peer-reflexive local candidate (RFC 8445 section 7.2.5.3.1);
    /// since media leaves from the base all the same, the pair that was checked stands for it.
    /// </summary>
    private void NoteMapped(IceCandidatePair pair, TransportAddress mapped)
    {
        var isBase = mapped.Address == pair.Local.Address && mapped.Port == pair.Local.Port;
        if (!isBase && _mapped.Count < IceLimits.PeerReflexiveCandidates && !_mapped.Contains(mapped))
        {
            _mapped.Add(mapped);
            Raise(IceEventKind.PeerReflexiveDiscovered, mapped, pair.Remote);
        }
    }
}
