using System.Security.Cryptography;

namespace P2PCam;

/// <summary>The host's end of one participant's session: who it is, what waits for it, and the link it has at the moment, if any.</summary>
internal sealed class RoomParticipant(SignalingGuest guest, TimeProvider timeProvider)
{
    private static readonly TimeSpan LastWordsLimit = TimeSpan.FromSeconds(2);
    private readonly SignalingChannel _channel = new(CapacityOf(guest.Hello.Role), timeProvider);
    private readonly Lock _gate = new();
    private CancellationTokenSource? _running;
    private Task _ran = Task.CompletedTask;
    private ITimer? _grace;

    /// <summary>128 random bits: another participant's id cannot be guessed.</summary>
    public string Id { get; } = NewSecret();

    /// <summary>Resumes this session; bound to it, and so to its stream and role.</summary>
    public string Resume { get; } = NewSecret();

    public string Stream { get; } = guest.Hello.Stream;

    public SignalingRole Role { get; } = guest.Hello.Role;

    public string TransportName { get; } = guest.TransportName;

    /// <summary>Whether it has a link, or is about to get its first.</summary>
    public bool IsAttached { get; private set; } = true;

    /// <summary>Whether it was ended from this side: a kick, an overflow, a successor.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Completes once its goodbye has been sent.</summary>
    public Task Goodbye => _channel.Goodbye;

    /// <summary>Sends it away when its time is over; null if it may stay.</summary>
    public ITimer? Expiry { get; set; }

    /// <summary>Called once when it lets its messages pile up.</summary>
    public required Action<RoomParticipant> Overflowed { get; init; }

    /// <summary>Queues a message; a participant that lets too many pile up is cut off, so that it cannot hold up the others.</summary>
    public void Deliver(SignalingMessage message)
    {
        if (!_channel.Outbox.TryAdd(SignalingJson.Serialize(message)) && !IsEnded)
        {
            End(new ErrorMessage("P2P2007", $"More than {CapacityOf(Role)} signaling messages wait unread; the connection is closed."));
            Overflowed(this);
        }
    }

    /// <summary>Ends the session, with an error instead of what still waits, or without words after what waits.</summary>
    public void End(ErrorMessage? error, string? code = null)
    {
        lock (_gate)
        {
            IsEnded = true;
            _channel.Outbox.Complete(error?.Code ?? code, error is null ? null : SignalingJson.Serialize(error));
            _running?.CancelAfter(LastWordsLimit);
        }
    }

    /// <summary>Nothing more comes from this side: the link is closed once what waits has been sent.</summary>
    public void Finish() => _channel.Outbox.Complete();

    /// <summary>Carries the session over a link until the link ends; a link that it had before gives way.</summary>
    /// <param name="link">Connected; its hello has been read.</param>
    /// <param name="by">Who says that hello.</param>
    /// <param name="isResuming">Whether the session was there before.</param>
    /// <param name="route">Takes what it says.</param>
    /// <param name="left">Called when it has said goodbye, before it is answered.</param>
    /// <param name="cancellationToken">Ends the link.</param>
    /// <returns>False if this session cannot go on from where the hello says; nothing has been sent then.</returns>
    /// <exception cref="SignalingException">The link broke, or the other side broke a rule.</exception>
    /// <exception cref="OperationCanceledException">Another link took its place, or the caller cancelled.</exception>
    public async Task<bool> RunAsync(ISignalingLink link, SignalingGuest by, bool isResuming, Action<SignalingMessage> route, Action left, CancellationToken cancellationToken)
    {
        using var running = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (TryAttach(running, ran.Task, isResuming ? by.Hello.Received ?? 0 : null) is var (outcome, before) && outcome != true)
        {
            if (outcome == false)
            {
                return false;
            }

            await before.WaitAsync(cancellationToken);
        }

        try
        {
            await link.SendAsync(SignalingJson.Serialize(Welcome(by, isResuming)), running.Token);
            _channel.Outbox.IsConfirmed = by.Hello.Received is not null;
            await _channel.RunAsync(
                link,
                message =>
                {
                    if (!IsEnded)
                    {
                        route(message);
                    }

                    _channel.Consume();
                },
                left,
                running.Token);
            return true;
        }
        finally
        {
            lock (_gate)
            {
                if (_running == running)
                {
                    (_running, IsAttached) = (null, false);
                }
            }

            ran.SetResult();
        }
    }

    /// <summary>The link broke: unless another comes in time, <paramref name="expired"/> is called. False if another has come already, or all is over.</summary>
    public bool AwaitReturn(TimeSpan limit, Action<RoomParticipant> expired)
    {
        lock (_gate)
        {
            if (IsEnded || IsAttached)
            {
                return IsAttached;
            }

            _grace = timeProvider.CreateTimer(_ => expired(this), null, limit, Timeout.InfiniteTimeSpan);
            return true;
        }
    }

    /// <summary>True: the session is on the new link. False: it cannot go on. Null: the link before is at its end; try again after it.</summary>
    private (bool? Outcome, Task Before) TryAttach(CancellationTokenSource running, Task ran, long? received)
    {
        CancellationTokenSource current;
        Task before;
        lock (_gate)
        {
            if (_running is null)
            {
                if (received is { } count && (IsEnded || !_channel.Outbox.TryRewind(count)))
                {
                    return (false, Task.CompletedTask);
                }

                _grace?.Dispose();
                (_running, _ran, _grace, IsAttached) = (running, ran, null, true);
                return (true, Task.CompletedTask);
            }

            (current, before) = (_running, _ran);
        }

        try
        {
            // Not under the lock: what follows from it takes others.
            current.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }

        return (null, before);
    }

    private WelcomeMessage Welcome(SignalingGuest by, bool isResuming) => new(Id)
    {
        IceServers = by.Admission.IceServers,
        Resume = Resume,
        ResumeSeconds = by.ResumeSeconds,
        Resumed = isResuming ? true : null,
        Received = by.Hello.Received is null ? null : _channel.Received,
    };

    private static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    // A broadcaster hears from all of its viewers at once.
    private static int CapacityOf(SignalingRole role) =>
        role == SignalingRole.Broadcaster ? 64 * SignalingLimits.MaxQueuedMessages : SignalingLimits.MaxQueuedMessages;
}
