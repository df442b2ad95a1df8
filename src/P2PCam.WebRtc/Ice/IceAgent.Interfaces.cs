using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Ice;

/// <summary>Sockets that come and go while the agent runs; a new one is <see cref="AddLocalCandidate"/>.</summary>
internal sealed partial class IceAgent
{
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
        if (_selected?.Local == address && State == IceState.Connected)
        {
            LookAround(now);
        }

        foreach (var pair in _checklist.Pairs)
        {
            if (pair.Local == address && pair != _selected)
            {
                FailPair(pair);
            }
        }

        Advance(now);
    }

    /// <summary>An address that was gone is back: what failed from there is worth another try.</summary>
    private void TryAgainFrom(in TransportAddress address)
    {
        foreach (var pair in _checklist.Pairs)
        {
            if (pair.Local == address && pair.State == IcePairState.Failed)
            {
                pair.State = IcePairState.Waiting;
            }
        }
    }
}
