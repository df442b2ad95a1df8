using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Ice;

/// <summary>
/// What media tells about a path. There are peers that answer our checks during the handshake and never again, or not at all, and send frames all the time
/// (FFmpeg's WHIP muxer reads no STUN once it streams). Whoever only receives has no reason to hang up on them: what RFC 7675 forbids without
/// consent is to send.
/// </summary>
internal sealed partial class IceAgent
{
    // A peer that sends before it nominates is about to nominate (RFC 8445 section 12); one that still has not after this never will.
    private static readonly TimeSpan WaitForNomination = TimeSpan.FromSeconds(1);
    private TimeSpan? _mediaSince;

    /// <summary>Whether anything but checks may be sent to the selected pair. It ends before the pair does when only media keeps that.</summary>
    public bool HasConsent { get; private set; } = true;

    /// <summary>
    /// Media came in that is authentic by the keys of the DTLS handshake, which has gone both ways on this path, too. On the selected pair it keeps that; on
    /// the controlled side without one it stands for the answer to our check that is missing.
    /// </summary>
    public void OnMedia(TimeSpan now, in TransportAddress local, in TransportAddress remote)
    {
        if (_selected is { } selected)
        {
            if (selected.IsBetween(local, remote))
            {
                _consent.OnMedia(now);
                if (State == IceState.Disconnected)
                {
                    SetState(IceState.Connected);
                }
            }

            return;
        }

        if (Role == IceRole.Controlled && State == IceState.Checking && _checklist.Find(local, remote) is { IsAuthenticated: true } pair)
        {
            _mediaSince ??= now;
            if (pair.Nomination.Pending || now - _mediaSince >= WaitForNomination)
            {
                pair.Nomination.Pending = false;
                pair.OnProven(now);
                Select(now, pair);
                Advance(now);
            }
        }
    }
}
