using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using P2PCam.Broadcasting;
using P2PCam.Publishing;
using P2PCam.WebRtc.Sessions;

namespace P2PCam;

/// <summary>
/// Publishes a broadcaster's stream to a WHIP endpoint (RFC 9725), for example of an SFU that serves thousands: the server is one more viewer, of
/// the same packets. It begins anew, with growing waits, whenever the connection ends.
/// </summary>
public sealed partial class WhipUplink : IAsyncDisposable
{
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(3);
    private readonly CameraBroadcaster _broadcaster;
    private readonly Uri _endpoint;
    private readonly WhipUplinkOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private CancellationTokenSource? _stopping;
    private Task _running = Task.CompletedTask;
    private int _state = (int)WhipUplinkState.Stopped;

    /// <summary>Makes an uplink that is not started.</summary>
    /// <param name="broadcaster">One that <c>Broadcaster.Create</c> or dependency injection made. It need not run yet.</param>
    /// <param name="endpoint">The WHIP endpoint, http or https.</param>
    /// <param name="options">Changes the defaults.</param>
    /// <param name="timeProvider">The clock; null takes the system's.</param>
    /// <param name="loggerFactory">Where to log; null for nowhere.</param>
    /// <exception cref="ArgumentException">The broadcaster is none of this library's, the address is none, or an option is out of its range.</exception>
    public WhipUplink(IBroadcaster broadcaster, Uri endpoint, WhipUplinkOptions? options = null, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        _broadcaster = broadcaster as CameraBroadcaster ?? throw new ArgumentException("An uplink takes a broadcaster that Broadcaster.Create or AddP2PBroadcaster made.", nameof(broadcaster));
        _endpoint = endpoint is { IsAbsoluteUri: true, Scheme: "https" or "http" } ? endpoint : throw new ArgumentException("A WHIP endpoint's address begins with https:// or http://.", nameof(endpoint));
        SignalingAddress.ThrowIfUnsent(endpoint, nameof(endpoint));
        _options = options ?? new WhipUplinkOptions();
        _options.Validate();
        _timeProvider = timeProvider ?? TimeProvider.System;
        _logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger<WhipUplink>();
    }

    /// <summary>The state changed. Raised on a thread-pool thread; handlers should return soon.</summary>
    public event EventHandler<WhipUplinkStateChangedEventArgs>? StateChanged;

    /// <summary>What the uplink is doing now.</summary>
    public WhipUplinkState State => (WhipUplinkState)Volatile.Read(ref _state);

    /// <summary>STUN and TURN servers that the server named in its last answer. The engine uses none yet.</summary>
    public IReadOnlyList<IceServer> IceServers { get; private set; } = [];

    /// <summary>Begins to publish; whether that works shows in <see cref="State"/>. Without effect when it has begun.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_stopping is null)
            {
                _stopping = new CancellationTokenSource();
                var token = _stopping.Token;
                _running = Task.Run(() => RunAsync(token), CancellationToken.None);
            }
        }
    }

    /// <summary>Ends the session at the server, and returns when that is done. Safe to call twice; <see cref="Start"/> begins anew.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        CancellationTokenSource? stopping;
        Task running;
        lock (_gate)
        {
            (stopping, running) = (_stopping, _running);
            _stopping = null;
        }

        if (stopping is not null)
        {
            await stopping.CancelAsync();
        }

        await running.WaitAsync(cancellationToken);
        stopping?.Dispose();
    }

    /// <summary>As <see cref="StopAsync"/>.</summary>
    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task RunAsync(CancellationToken stopping)
    {
        using var requests = new WhipRequests(_endpoint, _options, _timeProvider);
        var waits = new Backoff(_options.FirstRetry, _options.LongestRetry > _options.FirstRetry ? _options.LongestRetry : _options.FirstRetry);
        try
        {
            while (true)
            {
                var error = await PublishAsync(requests, waits.Reset, stopping);
                var wait = waits.Next();
                wait = error is WhipRequestException { RetryAfter: { } wish } && wish > wait ? wish : wait;
                LogWaiting(Words.Sentence(error.Message), Words.Duration(wait));
                SetState(WhipUplinkState.Waiting, error);
                await Task.Delay(wait, _timeProvider, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Asked to stop.
        }

        SetState(WhipUplinkState.Stopped, null);
    }

    /// <summary>One attempt, from the offer to the end of the session; returns why it ended.</summary>
    private async Task<P2PException> PublishAsync(WhipRequests requests, Action succeeded, CancellationToken stopping)
    {
        SetState(WhipUplinkState.Connecting, null);
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var closed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var offer = _broadcaster.Offer($"whip-{Guid.NewGuid():n}", e =>
        {
            if (e.Kind == PeerSessionEventKind.Connected)
            {
                connected.TrySetResult();
            }
            else if (e.Kind == PeerSessionEventKind.Closed)
            {
                closed.TrySetResult(CloseReasons.Describe(e));
            }
        });
        if (offer is null)
        {
            return new P2PException("P2P2306", "The broadcaster does not run, or this machine has no network: there is nothing to publish at the moment.");
        }

        void OnBroadcasterChanged(object? sender, BroadcasterStateChangedEventArgs e)
        {
            if (e.Current == BroadcasterState.Stopped)
            {
                closed.TrySetResult("the broadcaster stopped");
            }
        }

        WhipAnswer? answer = null;
        _broadcaster.StateChanged += OnBroadcasterChanged;
        try
        {
            answer = await requests.PostAsync(_endpoint, offer.Sdp, stopping);
            IceServers = answer.IceServers;
            if (!offer.TryAccept(answer.Sdp, out var error))
            {
                return new P2PException("P2P2303", error);
            }

            if (await Task.WhenAny(connected.Task, closed.Task, Task.Delay(_options.ConnectTimeout, _timeProvider, stopping)) != connected.Task)
            {
                stopping.ThrowIfCancellationRequested();
                return new P2PException("P2P2304", $"The server answered, but no media path was found: {Words.Sentence(closed.Task.IsCompleted ? await closed.Task : "no connection within the time limit")}");
            }

            succeeded();
            LogPublishing();
            SetState(WhipUplinkState.Publishing, null);
            return new P2PException("P2P2307", $"The connection to the server ended: {Words.Sentence(await closed.Task.WaitAsync(stopping))}");
        }
        catch (P2PException e)
        {
            return e;
        }
        finally
        {
            _broadcaster.StateChanged -= OnBroadcasterChanged;
            offer.Close("the uplink ended");
            if (answer?.Session is { } session)
            {
                using var limit = new CancellationTokenSource(GoodbyeLimit, _timeProvider);
                await QuietlyAsync(requests.DeleteAsync(session, answer.Token, limit.Token));
            }
        }
    }

    private static async Task QuietlyAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException)
        {
            // The server does not take our goodbye in time; it will miss us.
        }
    }

    private void SetState(WhipUplinkState state, P2PException? reason)
    {
        var previous = (WhipUplinkState)Interlocked.Exchange(ref _state, (int)state);
        if (previous != state)
        {
            StateChanged?.Invoke(this, new WhipUplinkStateChangedEventArgs(previous, state, reason));
        }
    }

    [LoggerMessage(EventId = 1801, Level = LogLevel.Information, Message = "The stream is published.")]
    private partial void LogPublishing();

    [LoggerMessage(EventId = 1802, Level = LogLevel.Warning, Message = "The stream is not published: {Reason} Trying again in {Wait}.")]
    private partial void LogWaiting(string reason, string wait);
}
