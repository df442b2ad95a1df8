using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Ice;

/// <summary>Sockets that come and go while the agent runs; a new one is <see cref="AddLocalCandidate"/>.</summary>
internal sealed partial class IceAgent
{
    private bool _selectedIsLost;

    /// <summary>
    /// A socket that is no more: nothing can leave or come by it. Should media go that way, the other pairs are tried at once, instead of when the silence is noticed.
    /// </summary>
    public void RemoveLocalCandidate(TimeSpan now, in TransportAddress address)
    {
        var index = IndexOfLocal(address);
        if (IsOver || index < 0)
        {
            return;
        }

        _locals.RemoveAt(index);
        if (_selected?.Local == address)
        {
            _selectedIsLost = true;
            if (State == IceState.Connected)
            {
                LookAround(now);
            }
        }

        _checklist.RemoveFrom(address, keep: _selected);
        if (_nominating?.Local == address)
        {
            _nominating = null;
        }

        Advance(now);
    }

    /// <summary>
    /// Controlled side: what was nominated can carry nothing any more, and the peer may take seconds to see that and to nominate another. Until then media goes by the first pair that works,
    /// which peers take from any address that has shown the credentials.
    /// </summary>
    private void SelectIfLost(TimeSpan now, IceCandidatePair pair)
    {
        if (_selectedIsLost && State == IceState.Disconnected && pair != _selected)
        {
            Select(now, pair);
        }
    }

    /// <summary>Should the pair that carried media have been lost with its address: it may work again now that the address is back.</summary>
    private void FindAgain(in TransportAddress address) => _selectedIsLost &= _selected?.Local != address;
}
