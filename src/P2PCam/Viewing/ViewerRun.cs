using Microsoft.Extensions.Logging;
using P2PCam.Diagnostics;
using P2PCam.VideoDecoding;
using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Receiving;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.Viewing;

/// <summary>What one run of a viewer works with, and whom it tells.</summary>
internal sealed record ViewerRunContext
{
    public required ISignalingTransport Signaling { get; init; }

    public required ViewerOptions Options { get; init; }

    public required TimeProvider TimeProvider { get; init; }

    public required ILoggerFactory LoggerFactory { get; init; }

    public required Readers<PictureQueue> PictureReaders { get; init; }

    public required Readers<EncodedQueue> EncodedReaders { get; init; }

    public required Func<IVideoDecoder> CreateDecoder { get; init; }

    public required ReceivingMetrics Metrics { get; init; }

    public required Action<ViewerState, string?> StateChanged { get; init; }

    public required Action<CameraState, string?> CameraStateChanged { get; init; }
}

/// <summary>
/// A viewer between connect and disconnect. Composes signaling, the controller that decides when to offer, the links that carry media, and the
/// decoder; each runs on its own and none waits for another.
/// </summary>
internal sealed class ViewerRun : IAsyncDisposable
{
    private const int MaxUndecodedFrames = 30;
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CertificateLifetime = TimeSpan.FromDays(30);
    private readonly ViewerRunContext _context;
    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _aborting = new();
    private readonly DtlsHandshakePool _handshakes = new(threads: 4);
    private readonly MediaLinkContext _linkContext;
    private readonly ViewerSignaling _signaling;
    private readonly WatchController _controller;
    private readonly EncodedQueue _toDecode;
    private readonly DecodingPump _decoding;
    private readonly MediaTimeline _timeline = new();
    private readonly RateMeter _rate = new();
    private readonly LinkLedger _links = new();
    private readonly List<Task> _tasks = [];
    private readonly long _start;
    private MediaLink? _timelineOwner;
    private long _firstFrame = -1;
    private int _size;
    private int _codec;

    public ViewerRun(ViewerRunContext context)
    {
        _context = context;
        _start = context.TimeProvider.GetTimestamp();
        var today = context.TimeProvider.GetUtcNow();
        _linkContext = new MediaLinkContext
        {
            Options = context.Options,
            Certificate = DtlsCertificate.Create(null, today.AddDays(-1), today + CertificateLifetime),
            Handshakes = _handshakes,
            TimeProvider = context.TimeProvider,
            LoggerFactory = context.LoggerFactory,
            OnEvent = (link, e) => _controller!.OnLinkEvent(link, e),
            OnFrame = OnFrame,
            OnEnded = _links.OnEnded,
        };
        _signaling = new ViewerSignaling(context.Signaling, context.Options, context.TimeProvider, context.LoggerFactory.CreateLogger<ViewerSignaling>())
        {
            OnUp = () => _controller!.OnSignalingUp(),
            OnDown = reason => _controller!.OnSignalingDown(reason),
            OnMessage = message => _controller!.OnMessage(message),
        };
        _controller = new WatchController(new WatchControllerContext
        {
            Options = context.Options,
            TimeProvider = context.TimeProvider,
            OpenLink = OpenLink,
            Send = offer => _ = _signaling.SendAsync(offer, _ending.Token),
            StateChanged = context.StateChanged,
            CameraStateChanged = context.CameraStateChanged,
            AttemptFailed = context.Metrics.AttemptFailed,
        });
        _toDecode = new EncodedQueue(MaxUndecodedFrames, RequestKeyFrame) { IsRead = context.PictureReaders.All.Count > 0 };
        _decoding = new DecodingPump(_toDecode, context.PictureReaders, context.CreateDecoder, context.LoggerFactory.CreateLogger<DecodingPump>()) { Metrics = context.Metrics };
        context.Metrics.Start(GetStatistics);
    }

    /// <summary>Done, with the reason, when nothing more will be tried.</summary>
    public Task<string> Ended => _controller.Ended;

    private TimeSpan Now => _context.TimeProvider.GetElapsedTime(_start);

    /// <summary>Joins and waits for the first picture, or for the news that there is no camera.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _aborting.Token);
        await _signaling.ConnectAsync(either.Token);
        _tasks.Add(Task.Run(() => _decoding.RunAsync(_ending.Token), CancellationToken.None));
        _tasks.Add(Task.Run(() => _signaling.RunAsync(_ending.Token), CancellationToken.None));
        await _controller.Connected.WaitAsync(either.Token);
    }

    public void OnPictureReadersChanged() => _decoding.OnReadersChanged();

    public void RequestKeyFrame() => _links.Current?.RequestKeyFrame();

    public ViewerStatistics GetStatistics()
    {
        var (received, current) = _links.GetStatistics();
        var (framesPerSecond, bitsPerSecond) = _rate.Read(Now);
        var first = Volatile.Read(ref _firstFrame);
        return new ViewerStatistics
        {
            FramesReceived = received.Frames,
            KeyFramesReceived = received.KeyFrames,
            FramesDecoded = _decoding.Decoded,
            FramesDropped = received.FramesDropped + _decoding.Undecodable + (_toDecode.IsRead ? _toDecode.Dropped : 0)
                + _context.PictureReaders.All.Sum(reader => reader.Dropped) + _context.EncodedReaders.All.Sum(reader => reader.Dropped),
            PacketsReceived = received.Packets,
            PacketsLost = received.PacketsLost,
            NacksSent = received.NacksSent,
            RetransmissionsReceived = received.RtxPackets,
            KeyFrameRequests = received.KeyFrameRequests,
            BytesReceived = received.Bytes,
            Bitrate = bitsPerSecond,
            FrameRate = framesPerSecond,
            Width = Volatile.Read(ref _size) >> 16,
            Height = Volatile.Read(ref _size) & 0xFFFF,
            Codec = first < 0 ? null : (VideoCodec)Volatile.Read(ref _codec),
            RoundTripTime = current.RoundTripTime,
            Jitter = current.Received.Jitter,
            TimeToFirstFrame = first < 0 ? null : TimeSpan.FromTicks(first),
            Connections = _controller.Attempts,
            RemoteAddress = current.Remote?.ToString(),
        };
    }

    /// <summary>Makes a start that is under way end with <see cref="OperationCanceledException"/>; nothing else.</summary>
    public void Abort() => _aborting.Cancel();

    public async ValueTask DisposeAsync()
    {
        _controller.Dispose();
        if (_tasks.Count > 0)
        {
            using var limit = new CancellationTokenSource(GoodbyeLimit);
            await _signaling.SendAsync(new ByeMessage("left"), limit.Token);
        }

        await _ending.CancelAsync();
        await Task.WhenAll(_tasks);
        await _links.AllEndedAsync();
        _context.Metrics.Dispose();
        _handshakes.Dispose();
        _decoding.Dispose();
        _toDecode.Dispose();
        _ending.Dispose();
    }

    private MediaLink OpenLink(string mid)
    {
        var link = MediaLink.Open(_linkContext, mid);
        _links.Add(link);
        return link;
    }

    // On the link's thread. A link that is being released may still hand out a frame; two sessions must not be mixed.
    private void OnFrame(MediaLink link, ReceivedFrame received)
    {
        if (!ReferenceEquals(link, _links.Current))
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(received.Buffer);
            return;
        }

        var now = Now;
        _rate.Add(now, received.Length);
        Volatile.Write(ref _codec, (int)received.Codec.ToVideoCodec());
        Interlocked.CompareExchange(ref _firstFrame, now.Ticks, -1);
        if (received.IsKeyFrame && PictureSize.TryRead(received.Codec, received.Data, out var width, out var height))
        {
            Volatile.Write(ref _size, (width << 16) | height);
        }

        lock (_timeline)
        {
            if (!ReferenceEquals(_timelineOwner, link))
            {
                _timelineOwner = link;
                _timeline.BeginSession();
            }

            using var frame = EncodedFrame.TakeOver(received, _timeline.Map(now, received.RtpTimestamp));
            foreach (var reader in _context.EncodedReaders.All)
            {
                reader.Put(frame.AddReference());
            }

            _toDecode.Put(frame.AddReference());
        }

        _controller.OnFrame(link);
    }
}
