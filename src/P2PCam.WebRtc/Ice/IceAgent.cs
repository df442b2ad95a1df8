using System.Buffers.Binary;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Ice;

/// <summary>
/// A full ICE agent for one peer and one component (RFC 8445), with trickle (RFC 8838) and consent freshness (RFC 7675), in either role.
/// It owns no socket and no clock: call a method with the time, then drain <see cref="PollTransmit"/> and <see cref="PollEvent"/>, and
/// come back with <see cref="HandleTimeout"/> at <see cref="NextTimeout"/>. Not thread-safe: one loop owns it.
/// </summary>
internal sealed partial class IceAgent
{
    private readonly IceAgentOptions _options;
    private readonly IRandomSource _random;
    private readonly IceChecklist _checklist = new();
    private readonly IceConsent _consent;
    private readonly List<IceCandidate> _locals = [];
    private readonly IceRemoteCandidates _remotes = new();
    private readonly BoundedQueue<IceEvent> _events = new(IceLimits.Events);
    private readonly BoundedQueue<IceTransmit> _transmits = new(IceLimits.Transmits);
    private IceCredentials _local;
    private IceCredentials? _remote;

    public IceAgent(IceAgentOptions options, IRandomSource random)
    {
        options.Validate();
        _options = options;
        _random = random;
        _consent = new IceConsent(options, random);
        _local = IceCredentials.Generate(random);
        Role = options.Role;
        Span<byte> tieBreaker = stackalloc byte[8];
        random.Fill(tieBreaker);
        TieBreaker = BinaryPrimitives.ReadUInt64BigEndian(tieBreaker);
    }

    public string LocalUfrag => _local.Ufrag;

    public string LocalPassword => _local.Password;

    public IceRole Role { get; private set; }

    public IceState State { get; private set; }

    /// <summary>Decides role conflicts (RFC 8445 section 7.3.1.1).</summary>
    public ulong TieBreaker { get; }

    public IceCounters Counters { get; } = new();

    /// <summary>Smoothed over the checks of the selected pair; null until one was answered without a retransmission.</summary>
    public TimeSpan? RoundTripTime => _selected?.RoundTripTime;

    /// <summary>
    /// The peer has said that it will signal no more candidates. For diagnostics: a pair may still turn up through a check.
    /// </summary>
    public bool HasAllRemoteCandidates { get; private set; }

    /// <summary>
    /// The peer answers checks and sends none: this side is the controlling one, whoever offered, and stays it (RFC 8445 section 6.1.1). To be said before
    /// the peer's credentials are.
    /// </summary>
    public bool IsRemoteLite
    {
        get;
        set
        {
            field = value;
            if (value && Role == IceRole.Controlled)
            {
                SwitchRole();
            }
        }
    }

    private bool IsOver => State is IceState.Failed or IceState.Closed;

    /// <summary>Checks start as soon as these and a pair are known.</summary>
    /// <returns>
    /// False, and nothing has changed, if the lengths are not those of RFC 8839 section 5.4, or if others are set already: new
    /// credentials mean that the peer restarts ICE, which takes <see cref="Restart"/> on this side as well.
    /// </returns>
    public bool SetRemoteCredentials(TimeSpan now, string ufrag, string password)
    {
        if (_remote is not null)
        {
            return _remote.Matches(ufrag, password);
        }

        if (IsOver || IceCredentials.TryCreate(ufrag, password) is not { } credentials)
        {
            return false;
        }

        _remote = credentials;
        _failAt = now + _options.FailureTimeout;
        SetState(IceState.Checking);
        ReplayEarlyChecks(now);
        Advance(now);
        return true;
    }

    public void SetRemoteEndOfCandidates(TimeSpan now)
    {
        HasAllRemoteCandidates = true;
        Advance(now);
    }

    /// <summary>
    /// New local credentials and a new search (RFC 8445 section 9); signal them, and set the peer's new ones. Local candidates stay. The
    /// pair selected so far keeps carrying media until another one is selected or its consent runs out.
    /// </summary>
    /// <exception cref="InvalidOperationException">The agent is closed.</exception>
    public void Restart(TimeSpan now)
    {
        if (State == IceState.Closed)
        {
            throw new InvalidOperationException("A closed ICE agent cannot restart; make a new one.");
        }

        _previous = State == IceState.Failed ? null : _selected ?? _previous;
        _previousUntil = _selected is null ? _previousUntil : _consent.Expiry;
        _selected = _nominating = null;
        _firstValidAt = null;
        _mediaSince = null;
        HasConsent = true;
        _failAt = TimeSpan.MaxValue;
        _local = IceCredentials.Generate(_random);
        _remote = null;
        HasAllRemoteCandidates = false;
        _remotes.Clear();
        _checklist.Clear();
        _early.Clear();
        _transmits.Clear();
        SetState(IceState.New);
        Advance(now);
    }

    /// <summary>Forgets everything; nothing is sent or accepted any more.</summary>
    public void Close()
    {
        _selected = _previous = _nominating = null;
        _checklist.Clear();
        _remotes.Clear();
        _early.Clear();
        _transmits.Clear();
        SetState(IceState.Closed);
        NextTimeout = TimeSpan.MaxValue;
    }

    public bool PollEvent(out IceEvent e) => _events.TryDequeue(out e);

    private void SetState(IceState state)
    {
        if (State != state)
        {
            State = state;
            Raise(IceEventKind.StateChanged);
        }
    }

    private void Raise(IceEventKind kind, TransportAddress local = default, TransportAddress remote = default)
    {
        if (!_events.Enqueue(new IceEvent(kind, State, Role, local, remote)))
        {
            Counters.LimitsHit++;
        }
    }
}
