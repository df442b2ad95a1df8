using Microsoft.Extensions.Logging;
using P2PCam.Codecs.Vp8;
using P2PCam.Networking;
using P2PCam.VideoEncoding;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Wire;

namespace P2PCam.Broadcasting;

/// <summary>
/// A broadcaster between start and stop. Composes the pumps (source, encoder, signaling) and the loop that owns the sessions; each runs on
/// its own and none waits for another.
/// </summary>
internal sealed class BroadcastRun : IAsyncDisposable
{
    private static readonly TimeSpan SamplingInterval = TimeSpan.FromSeconds(1);
    private readonly BroadcastContext _context;
    private readonly CancellationTokenSource _ending = new();
    private readonly LatestFrames _latest = new();
    private readonly KeyFrameRequests _keyFrames;
    private readonly SourcePump _sourcePump;
    private readonly EncodingPump _encodingPump;
    private readonly List<SignalingPump> _signalingPumps;
    private readonly ViewerNegotiator _negotiator;
    private readonly CameraAnnouncer _camera;
    private readonly List<Task> _tasks = [];
    private readonly ITimer _sampling;
    private bool _loopStarted;

    public BroadcastRun(BroadcastContext context)
    {
        _context = context;
        var options = context.Options;
        Events = new EventDispatcher(context.LoggerFactory.CreateLogger<EventDispatcher>());
        Loop = new SessionLoop(context.TimeProvider, context.LoggerFactory.CreateLogger<SessionLoop>());
        _keyFrames = new KeyFrameRequests(options.KeyFrameCoalescing);
        _sourcePump = new SourcePump(context.Source, _latest, context.TimeProvider, context.Metrics, context.LoggerFactory.CreateLogger<SourcePump>()) { OnAvailabilityChanged = OnSourceAvailability };
        _encodingPump = new EncodingPump(
            _latest,
            CreateEncoder,
            new Vp8Packetizer(CryptographicRandom.Instance, PacketSizes.MaxPayload(options.MaxDatagramBytes)),
            _keyFrames,
            () => context.Viewers.AnyConnected,
            Loop.PostFrame,
            () => Loop.Now,
            context.Metrics,
            context.LoggerFactory.CreateLogger<EncodingPump>());
        _camera = new CameraAnnouncer(
            context.Transports,
            () => _sourcePump.IsLive ? CameraState.Live : CameraState.Offline,
            (transport, message, cancellationToken) => _negotiator!.SendAsync(transport, message, cancellationToken));
        _negotiator = new ViewerNegotiator(context, Loop, _keyFrames, Events, _camera, context.LoggerFactory.CreateLogger<ViewerNegotiator>());
        var join = new SignalingJoin(options.Stream, SignalingRole.Broadcaster);
        var logger = context.LoggerFactory.CreateLogger<SignalingPump>();
        _signalingPumps = [.. context.Transports.Select(transport => new SignalingPump(transport, join, context.TimeProvider, context.Metrics, logger) { OnMessage = (from, message) => _negotiator.HandleAsync(from, message, _ending.Token) })];
        Action sample = context.Metrics.SampleViewers;
        _sampling = context.TimeProvider.CreateTimer(_ => SampleWhenWatched(sample), null, SamplingInterval, SamplingInterval);
    }

    public SessionLoop Loop { get; }

    public EventDispatcher Events { get; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _tasks.Add(Task.Run(Events.RunAsync, CancellationToken.None));
        var endpoints = MediaEndpoints.Open(_context.Options);
        Loop.Start(endpoints);
        _loopStarted = true;
        _negotiator.LocalAddresses = [.. endpoints.Select(endpoint => endpoint.Local)];
        foreach (var pump in _signalingPumps)
        {
            await pump.ConnectAsync(cancellationToken);
        }

        _tasks.AddRange(_signalingPumps.Select(pump => Task.Run(() => pump.RunAsync(_ending.Token), CancellationToken.None)));
        _tasks.Add(Task.Run(() => _encodingPump.RunAsync(_ending.Token), CancellationToken.None));
        _tasks.Add(Task.Run(() => _sourcePump.RunAsync(_ending.Token), CancellationToken.None));
    }

    /// <summary>Tells viewers that the camera goes away, in signaling and in media, and waits a bounded time for that to leave.</summary>
    public async Task SayGoodbyeAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_context.Options.StopTimeout);
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

    public async ValueTask DisconnectAsync(ViewerSession viewer, string reason, CancellationToken cancellationToken)
    {
        await _negotiator.SendAsync(viewer.Signaling, new ByeMessage(reason) { Peer = viewer.Id }, cancellationToken);
        _negotiator.Close(viewer, reason);
    }

    public BroadcasterStatistics GetStatistics()
    {
        var encoding = _encodingPump.Counters;
        return new BroadcasterStatistics
        {
            FramesCaptured = _sourcePump.FramesCaptured,
            FramesEncoded = encoding.Encoded,
            KeyFrames = encoding.KeyFrames,
            FramesDropped = encoding.Dropped + _sourcePump.FramesReplaced,
            BytesEncoded = encoding.Bytes,
            Width = encoding.Width,
            Height = encoding.Height,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _sampling.DisposeAsync();
        if (_loopStarted)
        {
            await Loop.DisposeAsync();
        }

        Events.Complete();
        await Task.WhenAll(_tasks);
        _negotiator.Dispose();
        _encodingPump.Dispose();
        _latest.Dispose();
        _camera.Dispose();
        _ending.Dispose();
        _context.Metrics.Dispose();
    }

    private void SampleWhenWatched(Action sample)
    {
        if (_context.Viewers.AnyConnected)
        {
            Loop.Post(sample);
        }
    }

    private Vp8VideoEncoder CreateEncoder(VideoFrame first) => new(new Vp8EncoderOptions
    {
        Width = first.Width,
        Height = first.Height,
        FrameRate = _context.Source.Description.FrameRate is > 0 and var rate ? rate : 30,
        TargetBitrate = _context.Options.Bitrate,
    });

    private void OnSourceAvailability(string? whyNot)
    {
        if (_ending.IsCancellationRequested)
        {
            return;
        }

        _context.StateChanged(whyNot is null ? BroadcasterState.Live : BroadcasterState.SourceUnavailable, whyNot);
        _ = AnnounceAsync(whyNot);
    }

    private async Task AnnounceAsync(string? whyNot)
    {
        try
        {
            await _camera.AnnounceAsync(whyNot, _ending.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The broadcaster ends, and says so itself.
        }
    }
}
