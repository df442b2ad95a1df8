using System.Globalization;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Ice;

/// <summary>Candidates and the pairs they form.</summary>
internal sealed partial class IceAgent
{
    /// <summary>
    /// A socket that may be used: a host candidate whose address is the one that <see cref="HandleDatagram"/> will report as local, and
    /// that <see cref="PollTransmit"/> will name. At most 32; a known address is ignored.
    /// </summary>
    public void AddLocalCandidate(TimeSpan now, in IceCandidate candidate)
    {
        if (State == IceState.Closed || IndexOfLocal(candidate.Address) >= 0)
        {
            return;
        }

        if (_locals.Count >= IceLimits.LocalCandidates)
        {
            Counters.LimitsHit++;
            return;
        }

        _locals.Add(candidate);
        foreach (var remote in _remotes.All)
        {
            AddSignaledPair(candidate, remote);
        }

        FindAgain(candidate.Address);
        Advance(now);
    }

    /// <summary>A candidate from the peer's description or trickled later, before or after its credentials.</summary>
    public IceCandidateResult AddRemoteCandidate(TimeSpan now, in IceCandidate candidate)
    {
        var result = Judge(candidate);
        if (result != IceCandidateResult.Added)
        {
            return result;
        }

        result = _remotes.Add(candidate);
        switch (result)
        {
            case IceCandidateResult.Added:
                foreach (var local in _locals)
                {
                    AddSignaledPair(local, candidate);
                }

                break;
            case IceCandidateResult.Duplicate:
                UpdatePairs(candidate);
                break;
            default:
                Counters.LimitsHit++;
                break;
        }

        Advance(now);
        return result;
    }

    private IceCandidateResult Judge(in IceCandidate candidate)
    {
        if (IsOver)
        {
            return IceCandidateResult.IgnoredClosed;
        }

        if (candidate.Transport != IceTransport.Udp)
        {
            return IceCandidateResult.IgnoredTcp;
        }

        if (candidate.Component != 1)
        {
            return IceCandidateResult.IgnoredComponent;
        }

        if (candidate.HostName is not null)
        {
            return IceCandidateResult.IgnoredHostName;
        }

        return IceAddressRules.IsUsable(candidate.Address) ? IceCandidateResult.Added : IceCandidateResult.IgnoredAddress;
    }

    private void AddSignaledPair(in IceCandidate local, in IceCandidate remote)
    {
        if (IceAddressRules.CanPair(local.Address, remote.Address))
        {
            AddPair(local, remote, authenticated: false);
        }
    }

    private IceCandidatePair? AddPair(in IceCandidate local, in IceCandidate remote, bool authenticated)
    {
        // A link-local address means something on one interface only: the one of the socket (RFC 4007 section 4).
        var isScoped = remote.Address.IsLinkLocal && !remote.Address.IsIPv4;
        var address = isScoped ? remote.Address with { ScopeId = local.Address.ScopeId } : remote.Address;
        if (_checklist.Find(local.Address, address) is { } known)
        {
            return known;
        }

        var pair = new IceCandidatePair(local.Address, local.Priority, address)
        {
            RemotePriority = remote.Priority,
            LocalFoundation = local.Foundation,
            RemoteFoundation = remote.Foundation,
            IsAuthenticated = authenticated,
        };
        if (_checklist.TryAdd(pair, Role, _selected))
        {
            return pair;
        }

        Counters.LimitsHit++;
        return null;
    }

    private void UpdatePairs(in IceCandidate candidate)
    {
        foreach (var pair in _checklist.Pairs)
        {
            if (pair.Remote.Address == candidate.Address.Address && pair.Remote.Port == candidate.Address.Port)
            {
                pair.RemotePriority = candidate.Priority;
                pair.RemoteFoundation = candidate.Foundation;
            }
        }

        _checklist.UpdatePriorities(Role);
    }

    /// <summary>
    /// The pair an authenticated check came in on. An address not known becomes a peer-reflexive candidate (RFC 8445 section 7.3.1.3):
    /// the only way in for peers that hide their addresses. A local address nobody announced is a socket of ours all the same.
    /// </summary>
    private IceCandidatePair? LearnPair(TransportAddress local, TransportAddress remote, uint priority)
    {
        if (_checklist.Find(local, remote) is { } known)
        {
            return known;
        }

        var index = IndexOfLocal(local);
        if (index < 0)
        {
            if (_locals.Count >= IceLimits.LocalCandidates)
            {
                Counters.LimitsHit++;
                return null;
            }

            _locals.Add(IceCandidate.Host(local, 0));
            index = _locals.Count - 1;
        }

        if (!_remotes.TryFind(remote, out var candidate))
        {
            var foundation = string.Create(CultureInfo.InvariantCulture, $"prflx{_remotes.All.Count}");
            candidate = new IceCandidate(foundation, priority, remote, IceCandidateType.PeerReflexive);
            if (_remotes.Add(candidate) != IceCandidateResult.Added)
            {
                Counters.LimitsHit++;
                return null;
            }

            Raise(IceEventKind.PeerReflexiveDiscovered, local, remote);
        }

        return AddPair(_locals[index], candidate, authenticated: true);
    }

    private int IndexOfLocal(TransportAddress address)
    {
        for (var i = 0; i < _locals.Count; i++)
        {
            if (_locals[i].Address == address)
            {
                return i;
            }
        }

        return -1;
    }
}
