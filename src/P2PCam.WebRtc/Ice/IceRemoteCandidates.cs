using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Ice;

/// <summary>
/// The peer's addresses, signaled or seen. A link-local address has no zone here; it gets that of each socket it is paired with.
/// </summary>
internal sealed class IceRemoteCandidates
{
    private readonly List<IceCandidate> _all = [];
    private int _peerReflexive;

    public List<IceCandidate> All => _all;

    public bool TryFind(TransportAddress address, out IceCandidate candidate)
    {
        var index = IndexOf(address);
        candidate = index < 0 ? default : _all[index];
        return index >= 0;
    }

    public IceCandidateResult Add(in IceCandidate candidate)
    {
        var index = IndexOf(candidate.Address);
        if (index >= 0)
        {
            // Signaled after it was seen: what the peer says about it is better than what the check told (RFC 8838 section 11.4).
            if (_all[index].Type == IceCandidateType.PeerReflexive && candidate.Type != IceCandidateType.PeerReflexive)
            {
                _peerReflexive--;
                _all[index] = candidate with { Address = candidate.Address with { ScopeId = 0 } };
            }

            return IceCandidateResult.Duplicate;
        }

        var seen = candidate.Type == IceCandidateType.PeerReflexive;
        if (seen ? _peerReflexive >= IceLimits.PeerReflexiveCandidates : _all.Count - _peerReflexive >= IceLimits.RemoteCandidates)
        {
            return IceCandidateResult.IgnoredLimit;
        }

        _peerReflexive += seen ? 1 : 0;
        _all.Add(candidate with { Address = candidate.Address with { ScopeId = 0 } });
        return IceCandidateResult.Added;
    }

    public void Clear()
    {
        _all.Clear();
        _peerReflexive = 0;
    }

    private int IndexOf(TransportAddress address)
    {
        for (var i = 0; i < _all.Count; i++)
        {
            if (_all[i].Address.Address == address.Address && _all[i].Address.Port == address.Port)
            {
                return i;
            }
        }

        return -1;
    }
}
