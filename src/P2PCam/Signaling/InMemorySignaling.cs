namespace P2PCam;

/// <summary>
/// A meeting place inside this process: streams with one broadcaster and many viewers each. It is what the ASP.NET endpoints bring their
/// guests to, what a transport of your own can be served by, and what tests use. Order is kept per sender.
/// </summary>
/// <param name="timeProvider">The clock; null takes the system's.</param>
public sealed class InMemorySignaling(TimeProvider? timeProvider = null) : ISignalingRooms
{
    private const int MostAbsent = 1000;
    private static readonly TimeSpan HelloTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(1);
    private long _stoppingSince;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SignalingRoom> _rooms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RoomParticipant> _sessions = new(StringComparer.Ordinal);
    private readonly Queue<RoomParticipant> _absent = new();
    private readonly TimeProvider _timeProvider = timeProvider ?? TimeProvider.System;

    /// <summary>How long a participant whose connection broke may stay away before the others hear that it left, 0 to 600 s. Default 30 s.</summary>
    public TimeSpan ResumeTime { get; set; } = SignalingLimits.DefaultResumeTime;

    /// <summary>
    /// Decides about each hello that comes by <see cref="ServeAsync"/>, by its stream, role and token: what it returns refuses, and its code and words reach whoever asked;
    /// null lets in. What throws, refuses. Where it is null, everybody is let in. Transports of this process are not asked.
    /// </summary>
    public Func<HelloMessage, SignalingException?>? Authorize { get; set; }

    /// <summary>Makes a transport that meets the others of this instance; <paramref name="name"/> appears in logs and in <see cref="ViewerInfo.Transport"/>.</summary>
    public ISignalingTransport CreateTransport(string name = "in-memory") => new InMemorySignalingTransport(this, name);

    /// <summary>Brings whoever is at the other end of a link into these rooms; returns when the link has ended, disposed. Lets in whom <see cref="Authorize"/> does not refuse, as what they say.</summary>
    /// <param name="link">A connected link; see <see cref="ISignalingLink"/>.</param>
    /// <param name="transportName">A short name for logs and <see cref="ViewerInfo.Transport"/>.</param>
    /// <param name="stopping">Ends it with a goodbye.</param>
    public Task ServeAsync(ISignalingLink link, string transportName, CancellationToken stopping = default) =>
        new SignalingReception(this, HelloTimeout, _timeProvider).ServeAsync(
            link, transportName, (hello, _) => ValueTask.FromResult(Admit(hello)), stopping, CancellationToken.None);

    /// <summary>Whether somebody outside can reach these rooms, such as endpoints mapped by an ASP.NET host.</summary>
    internal bool IsServed { get; set; }

    internal bool HasRoom(string stream)
    {
        lock (_gate)
        {
            return _rooms.ContainsKey(stream);
        }
    }

    internal bool HasBroadcaster(string stream)
    {
        lock (_gate)
        {
            return _rooms.TryGetValue(stream, out var room) && room.Broadcaster is not null;
        }
    }

    private SignalingAdmission Admit(HelloMessage hello)
    {
        SignalingException? refusal;
        try
        {
            refusal = Authorize?.Invoke(hello);
        }
        catch (SignalingException e)
        {
            refusal = e;
        }
        catch (Exception)
        {
            // Its text may quote the token.
            refusal = new SignalingException("P2P3110", "The host cannot tell at the moment who may join; try again later.");
        }

        return refusal is null ? SignalingAdmission.Granted : new SignalingAdmission(refusal.Code, SignalingErrors.WordsOf(refusal));
    }

    async Task ISignalingRooms.HostAsync(ISignalingLink link, SignalingGuest guest, CancellationToken stopping, CancellationToken cancellationToken)
    {
        guest = guest with { ResumeSeconds = (int)ResumeTime.TotalSeconds };
        if (Find(guest.Hello) is { } known && await RunAsync(known, link, guest, isResuming: true, stopping, cancellationToken))
        {
            return;
        }

        if (guest.Admission.RefusalCode is { } code)
        {
            await SignalingReception.RefuseAsync(link, code, guest.Admission.RefusalWords ?? "", _timeProvider, cancellationToken);
            return;
        }

        RoomParticipant participant;
        try
        {
            participant = Join(guest);
        }
        catch (SignalingException e)
        {
            await SignalingReception.RefuseAsync(link, e.Code, SignalingErrors.WordsOf(e), _timeProvider, cancellationToken);
            return;
        }

        await RunAsync(participant, link, guest, isResuming: false, stopping, cancellationToken);
    }

    /// <summary>Runs a session on a link, and decides what becomes of it when the link has ended.</summary>
    private async Task<bool> RunAsync(RoomParticipant participant, ISignalingLink link, SignalingGuest guest, bool isResuming, CancellationToken stopping, CancellationToken cancellationToken)
    {
        using var shutdown = stopping.UnsafeRegister(_ => SayGoodbye(participant), null);
        try
        {
            if (!await participant.RunAsync(link, guest, isResuming, message => Route(participant, message), () => Leave(participant), cancellationToken))
            {
                Leave(participant);
                return false;
            }

            Leave(participant);
        }
        catch (Exception e) when (e is OperationCanceledException or SignalingException { Code: SignalingErrors.BrokenCode })
        {
            Await(participant);
        }
        catch (SignalingException e)
        {
            Leave(participant);
            await SignalingReception.RefuseAsync(link, e.Code, SignalingErrors.WordsOf(e), _timeProvider, cancellationToken);
        }

        return true;
    }

    private RoomParticipant Join(SignalingGuest guest)
    {
        var participant = new RoomParticipant(guest, _timeProvider) { Overflowed = overflowed => ThreadPool.UnsafeQueueUserWorkItem(Leave, overflowed, preferLocal: false) };
        lock (_gate)
        {
            if (!_rooms.TryGetValue(participant.Stream, out var room))
            {
                room = new SignalingRoom();
            }

            var before = room.Add(participant);
            _rooms[participant.Stream] = room;
            _sessions.Add(participant.Resume, participant);
            if (before is not null)
            {
                _sessions.Remove(before.Resume);
            }
        }

        ExpireAt(participant, guest.Admission.ExpiresAt);
        return participant;
    }

    /// <summary>Sends a participant away when its time is over, wherever its connection is by then. Its pictures end as well: to the broadcaster it says goodbye.</summary>
    private void ExpireAt(RoomParticipant participant, DateTimeOffset? end)
    {
        if (end is not { } when)
        {
            return;
        }

        var left = when - _timeProvider.GetUtcNow();
        if (left > LongestTimer)
        {
            return; // further away than a timer reaches is never
        }

        participant.Expiry = _timeProvider.CreateTimer(
            _ =>
            {
                participant.End(new ErrorMessage("P2P3111", "The time for which you may watch is over."));
                Route(participant, new ByeMessage("its access has expired"));
                Leave(participant);
            },
            null,
            left > TimeSpan.Zero ? left : TimeSpan.Zero,
            Timeout.InfiniteTimeSpan);
    }

    private RoomParticipant? Find(HelloMessage hello)
    {
        lock (_gate)
        {
            return hello.Resume is { } resume && _sessions.TryGetValue(resume, out var session) && session.Stream == hello.Stream && session.Role == hello.Role ? session : null;
        }
    }

    private void Route(RoomParticipant sender, SignalingMessage message)
    {
        lock (_gate)
        {
            if (_rooms.TryGetValue(sender.Stream, out var room))
            {
                room.Route(sender, message);
            }
        }

        if (message is ByeMessage { Peer: null })
        {
            sender.Finish();
        }
    }

    private void Leave(RoomParticipant participant)
    {
        lock (_gate)
        {
            _sessions.Remove(participant.Resume);

            // A room lives only as long as somebody is in it: names invented by strangers must not pile up.
            if (_rooms.TryGetValue(participant.Stream, out var room) && room.Remove(participant) && room.IsEmpty)
            {
                _rooms.Remove(participant.Stream);
            }
        }

        participant.End(null);
        participant.Expiry?.Dispose();
    }

    private void Await(RoomParticipant participant)
    {
        RoomParticipant? forgotten = null;
        if (!participant.AwaitReturn(ResumeTime, Expire))
        {
            Leave(participant);
            return;
        }

        lock (_gate)
        {
            // Who comes and vanishes again and again must not fill the memory with sessions that nobody will resume.
            _absent.Enqueue(participant);
            if (_absent.Count > MostAbsent)
            {
                forgotten = _absent.Dequeue();
            }
        }

        if (forgotten is not null)
        {
            Expire(forgotten);
        }
    }

    private void Expire(RoomParticipant participant)
    {
        if (!participant.IsAttached)
        {
            Leave(participant);
        }
    }

    private void SayGoodbye(RoomParticipant participant)
    {
        participant.Deliver(new ByeMessage("the host is shutting down"));
        participant.End(null, SignalingErrors.GoingAwayCode);

        // SignalR cuts its connections as soon as this callback returns. One second for all of them together.
        Interlocked.CompareExchange(ref _stoppingSince, _timeProvider.GetTimestamp(), 0);
        if (StopLimit - _timeProvider.GetElapsedTime(_stoppingSince) is { Ticks: > 0 } left)
        {
            Task.WhenAny(participant.Goodbye, Task.Delay(left)).Wait();
        }
    }
}
