using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Sessions;

/// <summary>This side's addresses changed while the session runs: a cable, another network, a VPN.</summary>
internal sealed partial class PeerSession
{
    /// <summary>
    /// Takes the sockets that there are now, best first. New ones are tried when the path in use goes silent, and are in the descriptions of later restarts; the peer
    /// learns of them by our checks (RFC 8445 section 7.3.1.3). Those that are not in the list stay in use while they work.
    /// </summary>
    public void SetLocalAddresses(TimeSpan now, IReadOnlyList<TransportAddress> addresses)
    {
        if (HasEnded || addresses.SequenceEqual(_options.LocalAddresses))
        {
            return;
        }

        _options = _options with { LocalAddresses = addresses };
        foreach (var candidate in PeerSessionNegotiation.LocalCandidates(_options))
        {
            _ice.AddLocalCandidate(now, candidate);
        }
    }

    /// <summary>A socket that is no more: what it carried has to find another way.</summary>
    public void LoseLocalAddress(TimeSpan now, in TransportAddress address) => _ice.RemoveLocalCandidate(now, address);
}
