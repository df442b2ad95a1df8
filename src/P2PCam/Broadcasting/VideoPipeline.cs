using Microsoft.Extensions.Logging;
using P2PCam.Codecs.Vp8;
using P2PCam.Diagnostics;
using P2PCam.Networking;
using P2PCam.VideoEncoding;

namespace P2PCam.Broadcasting;

/// <summary>
/// From a source to the loop that owns the sessions: supervision, the feed that reads and encodes, and the slate where there are no pictures.
/// </summary>
internal sealed class VideoPipeline : IDisposable
{
    private readonly BroadcastContext _context;
    private readonly SourceDemand _demand;
    private readonly SourceMonitor _monitor;
    private readonly SourcePump _pump;
    private readonly StreamOutput _output;
    private readonly IVideoFeed _feed;
    private readonly Slate? _slate;

    /// <param name="context">What the broadcaster works with.</param>
    /// <param name="loop">Takes what is sent.</param>
    /// <param name="onChanged">Told of each change of the source, and why pictures do not come.</param>
    public VideoPipeline(BroadcastContext context, SessionLoop loop, Action<SourceState, string?> onChanged)
    {
        _context = context;
        var (options, time, metrics) = (context.Options, context.TimeProvider, context.Metrics);
        _output = new StreamOutput(new Packetizers(PacketSizes.MaxPayload(options.MaxDatagramBytes)), loop.PostFrame, () => loop.Now);
        _demand = new SourceDemand(options.CameraOffWhenUnwatched, options.UnwatchedDelay, () => context.Viewers.AnyConnected, time);
        _monitor = new SourceMonitor(
            () => context.Source.Description, options.SourceStallTimeout, time, metrics, context.LoggerFactory.CreateLogger<SourceMonitor>(), () => context.Source.MayBeSlow)
        {
            OnChanged = (state, reason) =>
            {
                Follow(state);
                onChanged(state, reason);
            },
        };
        if (options.Slate)
        {
            var words = new SlateEncoder(SlateWords.Under(options.Stream));
            _slate = new Slate(words, _output, () => context.Viewers.AnyConnected, time, metrics, context.LoggerFactory.CreateLogger<Slate>());
        }

        _feed = context.Source.Encoded is { } encoded ? CreateEncodedFeed(encoded) : CreatePictureFeed(context.Source.Pictures!, loop);
        _pump = new SourcePump(_feed, _demand, _monitor, time, metrics, context.LoggerFactory.CreateLogger<SourcePump>());
        context.Viewers.ConnectedChanged = _demand.Update;
    }

    /// <summary>Told when the camera's pictures are about to be compressed otherwise than before.</summary>
    public Action? OnCodecChanged { get; set; }

    /// <summary>What viewers may expect to see. While the source is closed for want of viewers, whoever joins will have it opened.</summary>
    public CameraState Camera => (_monitor.State, _slate) switch
    {
        (SourceState.Live, _) => CameraState.Live,
        (_, not null) => CameraState.Slate,
        (SourceState.Idle, null) => CameraState.Live,
        _ => CameraState.Offline,
    };

    /// <summary>What viewers' pictures are compressed with now, or will most likely be.</summary>
    public VideoCodec Codec => _feed.Codec ?? (_context.Source.Codecs is [var likeliest, ..] ? likeliest : VideoCodec.Vp8);

    public bool IsLive => _monitor.State == SourceState.Live;

    public FeedCounters Counters => _feed.Counters;

    public long SlatesSent => _slate?.Sent ?? 0;

    public (int Width, int Height) Size => _monitor.Size;

    /// <summary>Some viewer cannot decode before the next key frame; that of the slate is one.</summary>
    public void RequestKeyFrame()
    {
        if (_slate?.TryRequest() != true)
        {
            _feed.RequestKeyFrame();
        }
    }

    /// <summary>Runs until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(
        Task.Run(() => _feed.RunAsync(cancellationToken), CancellationToken.None),
        Task.Run(() => _pump.RunAsync(cancellationToken), CancellationToken.None));

    /// <summary>No picture will follow, and none must stand for it.</summary>
    public void HideSlate() => _slate?.Hide();

    public void Dispose()
    {
        _context.Viewers.ConnectedChanged = null;
        if (_context.Source.Encoded is IChoosesCodec choosing)
        {
            choosing.Viewers = null;
        }

        _monitor.Dispose();
        _slate?.Dispose();
        _demand.Dispose();
        _feed.Dispose();
    }

    private void Follow(SourceState state)
    {
        _context.Metrics.SourceState = state switch
        {
            SourceState.Idle => SourceStates.Idle,
            SourceState.Opening => SourceStates.Opening,
            SourceState.Live => SourceStates.Live,
            _ => SourceStates.Unavailable,
        };
        if (state == SourceState.Unavailable)
        {
            // Whether frames got lost meanwhile nobody can tell.
            _output.BeginAnew();
            var (size, description) = (_monitor.Size, _context.Source.Description);
            _slate?.Show(size != default ? size : (description.Width, description.Height));
        }
        else
        {
            _slate?.Hide();
        }
    }

    private EncodedFeed CreateEncodedFeed(IEncodedVideoSource source)
    {
        if (source is IChoosesCodec choosing)
        {
            choosing.Viewers = () => _context.Viewers.All.Select(viewer => viewer.Codecs);
        }

        var coalescing = _context.Options.KeyFrameCoalescing;
        var interval = coalescing > UpstreamKeyFrames.ShortestInterval ? coalescing : UpstreamKeyFrames.ShortestInterval;
        return new EncodedFeed(
            source, _monitor, _output, () => _context.Viewers.AnyConnected, interval, _context.TimeProvider, _context.Metrics, _context.LoggerFactory.CreateLogger<EncodedFeed>())
        {
            OnCodecChanged = () => OnCodecChanged?.Invoke(),
        };
    }

    private PictureFeed CreatePictureFeed(IVideoSource source, SessionLoop loop)
    {
        var (options, metrics) = (_context.Options, _context.Metrics);
        var (latest, keyFrames) = (new LatestFrames(), new KeyFrameRequests(options.KeyFrameCoalescing));
        var encoding = new EncodingPump(
            latest, CreateEncoder, keyFrames, () => _context.Viewers.AnyConnected, _output, () => loop.Now, metrics, _context.LoggerFactory.CreateLogger<EncodingPump>());
        return new PictureFeed(source, _monitor, latest, encoding, keyFrames, metrics);

        Vp8VideoEncoder CreateEncoder(VideoFrame first)
        {
            var rate = source.Description.FrameRate is > 0 and var known ? known : 30;
            var threads = options.EncoderThreads > 0 ? options.EncoderThreads : EncoderThreads.For(first.Width, first.Height, rate, Environment.ProcessorCount);
            return new(new Vp8EncoderOptions
            {
                Width = first.Width,
                Height = first.Height,
                FrameRate = rate,
                TargetBitrate = options.Bitrate,
                Threads = threads,
                TokenPartitions = EncoderThreads.Partitions(threads),
            });
        }
    }
}
