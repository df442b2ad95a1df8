using P2PCam.WebRtc.Ice;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Sessions;

/// <summary>
/// The ICE of one session over restarts (RFC 8445 section 9): each generation has an agent of its own. The one that carries media goes on, consent
/// checks and all, until the next has found a path. When that fails, nothing has happened; RFC 9725 section 4.4.1 wants as much.
/// </summary>
internal sealed class RestartableIce(IceAgent first)
{
    // What the peer sent on the old path before it knew of the new one still arrives.
    private static readonly TimeSpan Afterlife = TimeSpan.FromSeconds(5);
    private readonly Queue<IceRestartOutcome> _outcomes = new();
    private IceAgent _current = first;
    private IceAgent? _next;
    private IceAgent? _former;
    private TimeSpan _formerUntil;

    /// <summary>The agent that carries media.</summary>
    public IceAgent Current => _current;

    /// <summary>The agent that signaling is about: of the newest generation.</summary>
    public IceAgent Newest => _next ?? _current;

    public TimeSpan? RoundTripTime => _current.RoundTripTime;

    public TimeSpan NextTimeout
    {
        get
        {
            var next = _current.NextTimeout;
            next = _next is { } coming && coming.NextTimeout < next ? coming.NextTimeout : next;
            next = _former is { } former && former.NextTimeout < next ? former.NextTimeout : next;
            return _former is not null && _formerUntil < next ? _formerUntil : next;
        }
    }

    /// <summary>Starts another generation, whose credentials are then those of <see cref="Newest"/>.</summary>
    /// <returns>False, and nothing has changed, when the peer's are not of the form that RFC 8839 section 5.4 gives.</returns>
    public bool TryRestart(TimeSpan now, IceAgent agent, string remoteUfrag, string remotePassword)
    {
        if (!agent.SetRemoteCredentials(now, remoteUfrag, remotePassword))
        {
            return false;
        }

        _next?.Close();
        _next = agent;
        if (!_current.TryGetSelectedPair(out _, out _))
        {
            Promote(now);
        }

        return true;
    }

    public void AddLocalCandidate(TimeSpan now, in IceCandidate candidate)
    {
        _current.AddLocalCandidate(now, candidate);
        _next?.AddLocalCandidate(now, candidate);
    }

    public void RemoveLocalCandidate(TimeSpan now, in TransportAddress address)
    {
        _current.RemoveLocalCandidate(now, address);
        _next?.RemoveLocalCandidate(now, address);
        _former?.RemoveLocalCandidate(now, address);
    }

    public bool IsAuthenticatedPair(in TransportAddress local, in TransportAddress remote) =>
        _current.IsAuthenticatedPair(local, remote)
        || _next?.IsAuthenticatedPair(local, remote) == true
        || _former?.IsAuthenticatedPair(local, remote) == true;

    public bool TryGetSelectedPair(out TransportAddress local, out TransportAddress remote) => _current.TryGetSelectedPair(out local, out remote);

    public StunOutcome HandleDatagram(TimeSpan now, in TransportAddress local, in TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        var outcome = StunOutcome.NotForUs;
        if (_next is { } next)
        {
            outcome = next.HandleDatagram(now, local, remote, datagram);
        }

        if (IsForAnother(outcome))
        {
            outcome = _current.HandleDatagram(now, local, remote, datagram);
        }

        if (IsForAnother(outcome) && _former is { } former)
        {
            outcome = former.HandleDatagram(now, local, remote, datagram);
        }

        Settle(now);
        return outcome;
    }

    /// <summary>Whether anything but checks may be sent.</summary>
    public bool HasConsent => _current.HasConsent;

    /// <summary>Authentic media came in.</summary>
    public void OnMedia(TimeSpan now, in TransportAddress local, in TransportAddress remote) => _current.OnMedia(now, local, remote);

    public void HandleTimeout(TimeSpan now)
    {
        _current.HandleTimeout(now);
        _next?.HandleTimeout(now);
        _former?.HandleTimeout(now);
        Settle(now);
    }

    public bool PollTransmit(Span<byte> buffer, out int length, out TransportAddress local, out TransportAddress remote) =>
        _current.PollTransmit(buffer, out length, out local, out remote)
        || (_next is { } next && next.PollTransmit(buffer, out length, out local, out remote))
        || (_former is { } former && former.PollTransmit(buffer, out length, out local, out remote));

    /// <summary>The next event of the agent that carries media.</summary>
    public bool PollEvent(out IceEvent e) => _current.PollEvent(out e);

    /// <summary>How a restart ended.</summary>
    public bool PollOutcome(out IceRestartOutcome outcome) => _outcomes.TryDequeue(out outcome);

    private static bool IsForAnother(StunOutcome outcome) => outcome is StunOutcome.NotForUs or StunOutcome.UnknownTransaction or StunOutcome.Ignored;

    private void Settle(TimeSpan now)
    {
        if (_former is not null && now >= _formerUntil)
        {
            _former.Close();
            _former = null;
        }

        switch (_next?.State)
        {
            case IceState.Connected:
                Promote(now);
                _outcomes.Enqueue(IceRestartOutcome.Succeeded);
                break;
            case IceState.Failed:
                _next.Close();
                _next = null;
                _outcomes.Enqueue(IceRestartOutcome.Failed);
                break;
            case not null when _current.State == IceState.Failed:
                // The old path is gone; what is left to hope for is the new one.
                Promote(now);
                _outcomes.Enqueue(IceRestartOutcome.OldPathLost);
                break;
        }
    }

    private void Promote(TimeSpan now)
    {
        _former?.Close();
        (_former, _formerUntil) = (_current, now + Afterlife);
        (_current, _next) = (_next!, null);
    }
}

internal enum IceRestartOutcome
{
    /// <summary>Media goes over the new path.</summary>
    Succeeded,

    /// <summary>The new path was not found; media goes over the old one as before.</summary>
    Failed,

    /// <summary>Consent on the old path ran out while the new one is still looked for; media waits.</summary>
    OldPathLost,
}
