using Microsoft.Extensions.Logging;
using P2PCam.Diagnostics;
using P2PCam.Networking;
using P2PCam.WebRtc.Sessions;
using P2PCam.WebRtc.Wire;

namespace P2PCam.Broadcasting;

/// <summary>
/// One source, encoded once or passed on as it is, sent to N viewers: start and stop, state and events. What happens in between is a <see cref="BroadcastRun"/>.
/// </summary>
internal sealed partial class CameraBroadcaster : IBroadcaster
{
    private readonly BroadcastSource _source;
    private readonly IReadOnlyList<ISignalingTransport> _transports;
    private readonly BroadcasterOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILoggerFactory _loggerFactory;
    private readonly BroadcastInstruments _instruments;
    private readonly ILogger _logger;
    private readonly ViewerRegistry _viewers = new();
    private readonly SemaphoreSlim _lifecycle = new(1, 1);
    private BroadcastRun? _run;
    private BroadcasterStatistics _lastStatistics = new();
    private int _state = (int)BroadcasterState.Stopped;
    private bool _disposed;

    public CameraBroadcaster(
        BroadcastSource source, IReadOnlyList<ISignalingTransport> transports, BroadcasterOptions options, TimeProvider timeProvider, ILoggerFactory loggerFactory, BroadcastInstruments instruments)
    {
        (_source, _transports, _options, _timeProvider, _loggerFactory, _instruments) = (source, transports, options, timeProvider, loggerFactory, instruments);
        _logger = loggerFactory.CreateLogger<CameraBroadcaster>();
    }

    public event EventHandler<ViewerEventArgs>? ViewerJoined;

    public event EventHandler<ViewerEventArgs>? ViewerLeft;

    public event EventHandler<BroadcasterStateChangedEventArgs>? StateChanged;

    /// <summary>Which addresses this machine has.</summary>
    internal ILocalNetwork Network { get; init; } = LocalNetwork.Instance;

    /// <summary>Where viewers can reach it now.</summary>
    internal IReadOnlyList<TransportAddress> MediaAddresses => _run?.MediaAddresses ?? [];

    public string Stream => _options.Stream;

    public BroadcasterState State => (BroadcasterState)Volatile.Read(ref _state);

    public VideoSourceDescription Source => _source.Description;

    public IReadOnlyList<ViewerInfo> Viewers
    {
        get
        {
            var run = _run;
            return run is null ? [] : run.Loop.Snapshot(() => _viewers.All.Select(viewer => viewer.Describe()).OrderBy(viewer => viewer.Since).ToList());
        }
    }

    public BroadcasterStatistics Statistics => _run?.GetStatistics() ?? _lastStatistics;

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await _lifecycle.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_run is not null)
            {
                return;
            }

            SetState(BroadcasterState.Starting, null);
            _run = new BroadcastRun(CreateContext());
            await _run.StartAsync(cancellationToken);
        }
        catch (Exception e)
        {
            await EndRunAsync();
            SetState(BroadcasterState.Stopped, e.Message);
            throw;
        }
        finally
        {
            _lifecycle.Release();
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await _lifecycle.WaitAsync(cancellationToken);
        try
        {
            if (_run is not { } run)
            {
                return;
            }

            SetState(BroadcasterState.Stopping, null);
            await run.SayGoodbyeAsync(cancellationToken);
            await EndRunAsync();
            SetState(BroadcasterState.Stopped, null);
        }
        finally
        {
            _lifecycle.Release();
        }
    }

    public async ValueTask<bool> DisconnectAsync(string viewerId, string? reason = null, CancellationToken cancellationToken = default)
    {
        if (_run is not { } run || _viewers.Find(viewerId) is not { } viewer)
        {
            return false;
        }

        await run.DisconnectAsync(viewer, reason ?? "disconnected by the host", cancellationToken);
        return true;
    }

    /// <summary>An offer to send the stream to a server; null unless it runs.</summary>
    internal OutgoingOffer? Offer(string id, Action<PeerSessionEvent> onEvent) => _run?.Offer(id, onEvent);

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        await StopAsync();
        _disposed = true;
        foreach (var transport in _transports)
        {
            await transport.DisposeAsync();
        }

        await _source.DisposeAsync();
    }

    private async Task EndRunAsync()
    {
        if (Interlocked.Exchange(ref _run, null) is { } run)
        {
            _lastStatistics = run.GetStatistics();
            await run.DisposeAsync();
            _lastStatistics = run.GetStatistics();
        }
    }

    private void SetState(BroadcasterState state, string? reason)
    {
        var previous = (BroadcasterState)Interlocked.Exchange(ref _state, (int)state);
        if (previous == state)
        {
            return;
        }

        var why = Words.Addition(reason);
        LogState(Stream, state, why);
        var changed = new BroadcasterStateChangedEventArgs(previous, state, reason);
        if (_run is { } run)
        {
            run.Events.Post(() => StateChanged?.Invoke(this, changed));
        }
        else
        {
            StateChanged?.Invoke(this, changed);
        }
    }

    private BroadcastContext CreateContext() => new()
    {
        Source = _source,
        Transports = _transports,
        Options = _options,
        TimeProvider = _timeProvider,
        Network = Network,
        LoggerFactory = _loggerFactory,
        Metrics = new StreamMetrics(_instruments, Stream, () => _viewers.ConnectedCount, () => _options.Bitrate),
        Viewers = _viewers,
        Joined = viewer => ViewerJoined?.Invoke(this, new ViewerEventArgs(viewer)),
        Left = viewer => ViewerLeft?.Invoke(this, new ViewerEventArgs(viewer)),
        StateChanged = SetState,
    };

    [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "Stream {Stream} is {State}.{Reason}")]
    private partial void LogState(string stream, BroadcasterState state, string reason);
}
