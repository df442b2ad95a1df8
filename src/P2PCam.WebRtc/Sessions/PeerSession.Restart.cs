using P2PCam.WebRtc.Ice;

namespace P2PCam.WebRtc.Sessions;

/// <summary>New ICE credentials for a session that goes on: DTLS, SRTP and what is sent stay as they are (RFC 8445 section 9).</summary>
internal sealed partial class PeerSession
{
    private IceAgent? _prepared;

    /// <summary>
    /// As the side that wants the restart: makes the credentials to tell the peer. With those that come back <see cref="TryRestartIce"/> begins it;
    /// until then nothing has changed.
    /// </summary>
    public (string Ufrag, string Password) PrepareIceRestart()
    {
        _prepared = NewGeneration();
        return (_prepared.LocalUfrag, _prepared.LocalPassword);
    }

    /// <summary>
    /// Restarts ICE with the peer's new credentials (a PATCH of RFC 9725 section 4.4.2). Its candidates are then given to
    /// <see cref="AddRemoteCandidate"/>; the old path carries media until a new one is found, and on if none is.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="ufrag">The peer's.</param>
    /// <param name="password">The peer's.</param>
    /// <param name="localUfrag">Ours, to be told to the peer.</param>
    /// <param name="localPassword">Ours.</param>
    /// <param name="candidates">Ours, each starting with <c>candidate:</c>; no more will follow.</param>
    /// <returns>False, and nothing has changed, when the session has ended or the credentials are not of the form that RFC 8839 section 5.4 gives.</returns>
    public bool TryRestartIce(
        TimeSpan now, string ufrag, string password, out string localUfrag, out string localPassword, out IReadOnlyList<string> candidates)
    {
        (localUfrag, localPassword, candidates) = ("", "", []);
        if (_state is State.Closing or State.Closed)
        {
            return false;
        }

        var agent = _prepared ?? NewGeneration();
        var texts = PeerSessionNegotiation.AddLocalCandidates(now, _options, agent);
        if (!_ice.TryRestart(now, agent, ufrag, password))
        {
            return false;
        }

        _prepared = null;
        (localUfrag, localPassword, candidates) = (agent.LocalUfrag, agent.LocalPassword, texts);
        (_remoteUfrag, _remotePassword) = (ufrag, password);
        _events.Enqueue(new PeerSessionEvent(PeerSessionEventKind.IceRestarting));
        return true;
    }

    /// <summary>
    /// Takes another offer of the same peer for the same session: new ICE credentials, all else as before.
    /// </summary>
    /// <returns>False, and nothing has changed, when it is another session (by its certificate or its media) or no usable offer.</returns>
    public bool TryRestart(TimeSpan now, string offer, out string answer, out string error) =>
        PeerSessionRestart.TryAnswer(this, now, offer, out answer, out error);

    // Roles stay, and so does what kind of agent the peer is (RFC 8445 section 9).
    private IceAgent NewGeneration() =>
        new(new IceAgentOptions { Role = _ice.Current.Role }, _options.Random) { IsRemoteLite = _ice.Current.IsRemoteLite };

    internal PeerSessionOptions Options => _options;

    internal NegotiatedSession Negotiated => _negotiated;

    internal IceAgent NewestIce => _ice.Newest;

    internal bool HasEnded => _state is State.Closing or State.Closed;

    internal bool IsRemoteIce(string ufrag, string password) => _remoteUfrag == ufrag && _remotePassword == password;

    private void DrainRestarts()
    {
        while (_ice.PollOutcome(out var outcome))
        {
            switch (outcome)
            {
                case IceRestartOutcome.Succeeded:
                    _events.Enqueue(new PeerSessionEvent(PeerSessionEventKind.IceRestarted));
                    break;
                case IceRestartOutcome.Failed:
                    _events.Enqueue(new PeerSessionEvent(PeerSessionEventKind.IceRestartFailed));
                    break;
                case IceRestartOutcome.OldPathLost:
                    BecomeSilent();
                    break;
            }
        }
    }
}
