using Microsoft.Extensions.Logging;
using P2PCam.Networking;
using P2PCam.WebRtc.Sessions;
using P2PCam.WebRtc.Wire;

namespace P2PCam.Broadcasting;

/// <summary>
/// A broadcaster between start and stop. Composes the video's way, signaling and the loop that owns the sessions; each runs on its own
/// and none waits for another.
/// </summary>
internal sealed class BroadcastRun : IAsyncDisposable
{
    // A source's own words are for whoever runs it: they may name devices, addresses, even the password in a camera's address.
    private const string NoPictures = "the camera gives no pictures at the moment";
    private static readonly TimeSpan SamplingInterval = TimeSpan.FromSeconds(1);
    private readonly BroadcastContext _context;
    private readonly CancellationTokenSource _ending = new();
    private readonly VideoPipeline _video;
    private readonly List<SignalingPump> _signalingPumps;
    private readonly MediaSockets _sockets;
    private readonly OfferAnswerer _answerer;
    private readonly ViewerNegotiator _negotiator;
    private readonly CameraAnnouncer _camera;
    private readonly List<Task> _tasks = [];
    private readonly ITimer _sampling;
    private CameraState? _announced;
    private volatile bool _isStopping;
    private bool _loopStarted;

    public BroadcastRun(BroadcastContext context)
    {
        _context = context;
        var options = context.Options;
        Events = new EventDispatcher(context.LoggerFactory.CreateLogger<EventDispatcher>());
        Loop = new SessionLoop(context.TimeProvider, context.LoggerFactory.CreateLogger<SessionLoop>());
        _video = new VideoPipeline(context, Loop, OnSourceChanged);
        _camera = new CameraAnnouncer(
            context.Transports,
            () => _video.Camera,
            (transport, message, cancellationToken) => _negotiator!.SendAsync(transport, message, cancellationToken));
        _sockets = new MediaSockets(SocketOptions(context), options.Stream, Loop, context.TimeProvider, context.LoggerFactory.CreateLogger<MediaSockets>());
        _answerer = new OfferAnswerer(context, Loop, _sockets);
        _negotiator = new ViewerNegotiator(context, Loop, _answerer, _video, Events, _camera, context.LoggerFactory.CreateLogger<ViewerNegotiator>());
        _video.OnCodecChanged = _negotiator.TellWhoseCodecIsMissing;
        var join = new SignalingJoin(options.Stream, SignalingRole.Broadcaster);
        var logger = context.LoggerFactory.CreateLogger<SignalingPump>();
        _signalingPumps = [.. context.Transports.Select(transport => new SignalingPump(transport, join, context.TimeProvider, context.Metrics, logger) { OnMessage = (from, message) => _negotiator.HandleAsync(from, message, _ending.Token) })];
        Action sample = context.Metrics.SampleViewers;
        _sampling = context.TimeProvider.CreateTimer(_ => SampleWhenWatched(sample), null, SamplingInterval, SamplingInterval);
    }

    public SessionLoop Loop { get; }

    public EventDispatcher Events { get; }

    public IReadOnlyList<TransportAddress> MediaAddresses => _sockets.Locals;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _tasks.Add(Task.Run(Events.RunAsync, CancellationToken.None));
        if (_context.Options.FailFast)
        {
            await _context.Source.CheckAsync(cancellationToken);
        }

        Loop.Start([]);
        _loopStarted = true;
        _sockets.Open();
        foreach (var pump in _signalingPumps)
        {
            await pump.ConnectAsync(cancellationToken);
        }

        _tasks.AddRange(_signalingPumps.Select(pump => Task.Run(() => pump.RunAsync(_ending.Token), CancellationToken.None)));
        _tasks.Add(_video.RunAsync(_ending.Token));
    }

    /// <summary>Tells viewers that the camera goes away, in signaling and in media, and waits a bounded time for that to leave.</summary>
    public async Task SayGoodbyeAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_context.Options.StopTimeout);
        _isStopping = true;
        _video.HideSlate();
        try
        {
            await _camera.AnnounceStopAsync("the broadcaster stopped", limit.Token);
            await _negotiator.CloseAllAsync("the broadcaster stopped", limit.Token);
        }
        catch (OperationCanceledException)
        {
            // Whoever could not be told in time finds out when consent expires.
        }
    }

    /// <summary>See <see cref="ViewerNegotiator.Offer"/>.</summary>
    public OutgoingOffer? Offer(string id, Action<PeerSessionEvent> onEvent) => _negotiator.Offer(id, onEvent);

    public async ValueTask DisconnectAsync(ViewerSession viewer, string reason, CancellationToken cancellationToken)
    {
        await _negotiator.SendAsync(viewer.Signaling, new ByeMessage(reason) { Peer = viewer.Id }, cancellationToken);
        _negotiator.Close(viewer, reason);
    }

    public BroadcasterStatistics GetStatistics()
    {
        var (counters, size) = (_video.Counters, _video.Size);
        return new BroadcasterStatistics
        {
            FramesCaptured = counters.Captured,
            FramesEncoded = counters.Encoded,
            FramesRelayed = counters.Relayed,
            KeyFrames = counters.KeyFrames,
            KeyFramesAsked = counters.KeyFramesAsked,
            FramesDropped = counters.Dropped,
            SlateFrames = _video.SlatesSent,
            BytesEncoded = counters.Bytes,
            Width = size.Width,
            Height = size.Height,
        };
    }

    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        await _ending.CancelAsync();
        await _sampling.DisposeAsync();
        _sockets.Dispose();
        if (_loopStarted)
        {
            await Loop.DisposeAsync();
        }

        Events.Complete();
        await Task.WhenAll(_tasks);
        _answerer.Dispose();
        _video.Dispose();
        _camera.Dispose();
        _ending.Dispose();
        _context.Metrics.Dispose();
    }

    private static MediaSocketOptions SocketOptions(BroadcastContext context) => new()
    {
        Addresses = [.. context.Options.MediaAddresses],
        IncludeLoopback = context.Options.IncludeLoopback,
        Port = context.Options.MediaPort,
        MayTakeNextPort = !context.Options.IsMediaPortSet,
        Network = context.Network,
    };

    private void SampleWhenWatched(Action sample)
    {
        if (_context.Viewers.AnyConnected)
        {
            Loop.Post(sample);
        }
    }

    private void OnSourceChanged(SourceState state, string? whyNot)
    {
        if (_isStopping)
        {
            return;
        }

        _context.StateChanged(StateFor(state), whyNot);
        if (_announced != _video.Camera)
        {
            _announced = _video.Camera;
            _ = AnnounceAsync();
        }
    }

    private static BroadcasterState StateFor(SourceState state) => state switch
    {
        SourceState.Idle => BroadcasterState.Idle,
        SourceState.Opening => BroadcasterState.Starting,
        SourceState.Live => BroadcasterState.Live,
        _ => BroadcasterState.SourceUnavailable,
    };

    private async Task AnnounceAsync()
    {
        try
        {
            await _camera.AnnounceAsync(NoPictures, _ending.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The broadcaster ends, and says so itself.
        }
    }
}
