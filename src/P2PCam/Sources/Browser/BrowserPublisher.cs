using System.Buffers;
using Microsoft.Extensions.Logging;
using P2PCam.Broadcasting;
using P2PCam.Networking;
using P2PCam.Sources.FFmpeg.H264;
using P2PCam.Viewing;
using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Receiving;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.Sources.Browser;

/// <summary>What all publishers of a source share, and who wants to hear of them. The callbacks come on the publisher's own threads.</summary>
internal sealed record BrowserPublisherContext
{
    public required BrowserCameraOptions Options { get; init; }

    public required DtlsCertificate Certificate { get; init; }

    public required DtlsHandshakePool Handshakes { get; init; }

    public required TimeProvider TimeProvider { get; init; }

    public required ILoggerFactory LoggerFactory { get; init; }

    /// <summary>Hands over the frame's buffer.</summary>
    public required Action<BrowserPublisher, ReceivedFrame> OnFrame { get; init; }

    /// <summary>No frames have come for the stall time. Said once for each silence.</summary>
    public required Action<BrowserPublisher> OnStalled { get; init; }

    /// <summary>It sends what viewers do not play, with what that is as the end of a sentence. It is over then.</summary>
    public required Action<BrowserPublisher, string> OnUnplayable { get; init; }

    /// <summary>It is over; called once, with the reason in words.</summary>
    public required Action<BrowserPublisher, string> OnEnded { get; init; }
}

/// <summary>
/// One browser that publishes: sockets bound anew, a loop and the session that answered its offer. Key frames are asked for seldom, whoever needs
/// them: the engine repeats a request until one comes.
/// </summary>
internal sealed class BrowserPublisher : IAsyncDisposable
{
    private const int SilentIntervals = 3;
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan KeyFrameInterval = TimeSpan.FromMilliseconds(300);
    private readonly BrowserPublisherContext _context;
    private readonly SessionLoop _loop;
    private readonly RateMeter _rate = new();
    private readonly AccessUnitJudge _h264 = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MediaSockets? _sockets;
    private PeerSession? _session;
    private ITimer? _looking;
    private long _lastFrame;
    private TimeSpan _lastKeyFrameRequest = TimeSpan.MinValue;
    private int _codec = -1;
    private int _size;
    private string? _layer;
    private int _ended;
    private int _released;
    private volatile bool _isConnected;
    private volatile bool _isStalled;
    private volatile bool _wantsKeyFrame;

    private BrowserPublisher(BrowserPublisherContext context)
    {
        _context = context;
        Since = context.TimeProvider.GetUtcNow();
        _lastFrame = context.TimeProvider.GetTimestamp();
        _loop = new SessionLoop(context.TimeProvider, context.LoggerFactory.CreateLogger<SessionLoop>());
    }

    public DateTimeOffset Since { get; }

    /// <summary>What it could compress with, by its own offer.</summary>
    public IReadOnlyList<VideoCodec> Codecs { get; private set; } = [];

    /// <summary>The profile of its H.264; null for other codecs.</summary>
    public string? Profile => Volatile.Read(ref _codec) == (int)VideoCodec.H264 ? _h264.Profile : null;

    public bool IsConnected => _isConnected;

    public bool HasEnded => Volatile.Read(ref _ended) != 0;

    /// <summary>Done when nothing of it is left.</summary>
    public Task Ended => _disposed.Task;

    /// <summary>Whether it sends, or may be expected to begin soon. One that does not gives way to the next without being asked.</summary>
    public bool IsActive => !HasEnded && !_isStalled;

    /// <summary>Answers an offer; null with the reason if it cannot be.</summary>
    /// <param name="context">What it works with.</param>
    /// <param name="codecs">What it may compress with, the best first.</param>
    /// <param name="offer">The browser's.</param>
    /// <param name="answer">Set when it could be answered.</param>
    /// <param name="error">Why not.</param>
    /// <exception cref="P2PException">There is no address to receive at.</exception>
    public static BrowserPublisher? TryOpen(BrowserPublisherContext context, IReadOnlyList<VideoCodec> codecs, string offer, out string answer, out string error)
    {
        var publisher = new BrowserPublisher(context);
        publisher._loop.Start([]);
        if (SingleSession.Open(publisher._loop, context.Options.MediaAddresses, context.Options.IncludeLoopback, context.TimeProvider) is not { } sockets)
        {
            publisher.Release();
            throw new P2PException("P2P1023", "This machine has no network address that a browser could send video to; connect it to a network, set IncludeLoopback, or correct MediaAddresses.");
        }

        publisher._sockets = sockets;
        var options = new PeerSessionOptions
        {
            Certificate = context.Certificate,
            HandshakePool = context.Handshakes,
            LocalAddresses = sockets.Locals,
            ClockOrigin = publisher._loop.ClockOrigin,
            Wake = publisher._loop.Wake,
            ConnectTimeout = context.Options.ConnectTimeout,
            Direction = PeerSessionDirection.Receive,
            KeepsAudio = true,
            Codecs = [.. codecs.Select(codec => codec.ToRtp())],
        };
        if (!PeerSession.TryAnswer(options, offer, publisher._loop.Now, out var session, out answer, out error))
        {
            publisher.Release();
            return null;
        }

        publisher.Begin(session);
        return publisher;
    }

    public void AddCandidate(string candidate) => _loop.Post(() => _session!.AddRemoteCandidate(_loop.Now, candidate));

    public void SetEndOfCandidates() => _loop.Post(() => _session!.SetRemoteEndOfCandidates(_loop.Now));

    /// <summary>Takes frames from another layer of simulcast; without effect where there is none of that name.</summary>
    public void SelectLayer(string? layer) => _loop.Post(() => _session!.SelectLayer(_loop.Now, layer));

    /// <summary>Restarts ICE with the browser's new credentials and candidates; null, and nothing has changed, if that cannot be.</summary>
    public async Task<IceParameters?> RestartAsync(string ufrag, string password, IReadOnlyList<string> candidates)
    {
        var done = new TaskCompletionSource<IceParameters?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(() =>
        {
            var session = _session!;
            if (!session.TryRestartIce(_loop.Now, ufrag, password, out var localUfrag, out var localPassword, out var locals))
            {
                done.TrySetResult(null);
                return;
            }

            foreach (var candidate in candidates)
            {
                session.AddRemoteCandidate(_loop.Now, candidate);
            }

            done.TrySetResult(new IceParameters(localUfrag, localPassword, null, locals));
        });
        return await Task.WhenAny(done.Task, _disposed.Task) == done.Task ? await done.Task : null;
    }

    /// <summary>Safe from any thread. Requests within 300 ms are one.</summary>
    public void RequestKeyFrame()
    {
        _wantsKeyFrame = true;
        _loop.Post(AskForKeyFrame);
    }

    public BrowserCameraInfo Describe()
    {
        var (frames, bits) = _rate.Read(_loop.Now);
        var size = Volatile.Read(ref _size);
        return new BrowserCameraInfo
        {
            Since = Since,
            IsConnected = _isConnected,
            IsStalled = _isStalled,
            Codec = Volatile.Read(ref _codec) is >= 0 and var codec ? (VideoCodec)codec : null,
            Width = size & 0xFFFF,
            Height = size >>> 16,
            FrameRate = frames,
            Bitrate = bits,
            Layer = Volatile.Read(ref _layer),
            Profile = Profile,
        };
    }

    /// <summary>Says goodbye in its media, and ends.</summary>
    public void Close(string reason)
    {
        End(reason);
        Release();
    }

    public async ValueTask DisposeAsync()
    {
        Close("the host stopped");
        await _disposed.Task;
    }

    private void Begin(PeerSession session)
    {
        _session = session;
        Codecs = [.. session.ReceiveCodecs.Select(codec => codec.ToVideoCodec())];
        _looking = _context.TimeProvider.CreateTimer(static state => ((BrowserPublisher)state!).Look(), this, LookInterval, LookInterval);
        var driven = new DrivenSession(session, OnEvent, OnFrame);
        _loop.Post(() => _loop.Add(driven));
    }

    private void OnEvent(PeerSessionEvent e)
    {
        switch (e.Kind)
        {
            case PeerSessionEventKind.Connected:
                _isConnected = true;
                Volatile.Write(ref _lastFrame, _context.TimeProvider.GetTimestamp());
                RequestKeyFrame();
                break;
            case PeerSessionEventKind.Closed:
                _closed.TrySetResult();
                Close(CloseReasons.Describe(e));
                break;
        }
    }

    private void OnFrame(ReceivedFrame frame)
    {
        if (HasEnded)
        {
            ArrayPool<byte>.Shared.Return(frame.Buffer);
            return;
        }

        if (frame.Codec == RtpVideoCodec.H264 && _h264.FindObstacle(frame.Data) is { } obstacle)
        {
            ArrayPool<byte>.Shared.Return(frame.Buffer);
            _context.OnUnplayable(this, obstacle);
            Close($"its H.264 {obstacle}");
            return;
        }

        Volatile.Write(ref _lastFrame, _context.TimeProvider.GetTimestamp());
        Volatile.Write(ref _codec, (int)frame.Codec.ToVideoCodec());
        _rate.Add(_loop.Now, frame.Length);
        _isStalled = false;
        if (frame.IsKeyFrame)
        {
            _wantsKeyFrame = false;
            var newest = _session!.GetStatistics();
            Volatile.Write(ref _size, (newest.ReceivedHeight << 16) | newest.ReceivedWidth);
            Volatile.Write(ref _layer, newest.ReceivedLayer);
        }

        _context.OnFrame(this, frame);
    }

    /// <summary>On the loop.</summary>
    private void AskForKeyFrame()
    {
        var now = _loop.Now;
        if (!_wantsKeyFrame || (_lastKeyFrameRequest != TimeSpan.MinValue && now - _lastKeyFrameRequest < KeyFrameInterval))
        {
            return;
        }

        (_wantsKeyFrame, _lastKeyFrameRequest) = (false, now);
        _session!.RequestKeyFrame(now);
    }

    private void Look()
    {
        if (_wantsKeyFrame)
        {
            _loop.Post(AskForKeyFrame);
        }

        if (_isStalled || HasEnded || _context.TimeProvider.GetElapsedTime(Volatile.Read(ref _lastFrame)) < Patience)
        {
            return;
        }

        _isStalled = true;
        _context.OnStalled(this);
    }

    // Before the first frame: as long as connecting may take. A shared screen on which nothing moves comes at one frame a second.
    private TimeSpan Patience
    {
        get
        {
            if (!_isConnected)
            {
                return _context.Options.ConnectTimeout;
            }

            var (rate, _) = _rate.Read(_loop.Now);
            var intervals = rate > 0 ? TimeSpan.FromSeconds(Math.Min(SilentIntervals / rate, SilentIntervals)) : TimeSpan.Zero;
            return intervals > _context.Options.StallTimeout && rate < SilentIntervals ? intervals : _context.Options.StallTimeout;
        }
    }

    private void End(string reason)
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            _context.OnEnded(this, reason);
        }
    }

    // Elsewhere than on the caller's thread, which may be the loop's own.
    private void Release()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            Task.Run(ReleaseAsync);
        }
    }

    private async Task ReleaseAsync()
    {
        _looking?.Dispose();
        try
        {
            await SingleSession.EndAsync(_loop, _sockets, _session, _closed.Task);
        }
        finally
        {
            _disposed.TrySetResult();
        }
    }
}
