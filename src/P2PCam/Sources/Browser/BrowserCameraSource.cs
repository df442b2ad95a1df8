using System.Buffers;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using P2PCam.Broadcasting;
using P2PCam.Sources.Browser;
using P2PCam.Viewing;
using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Receiving;

namespace P2PCam;

/// <summary>
/// A browser as the camera: a page opens the camera, compresses, and publishes by WHIP; what it sends reaches the viewers as it is. While no
/// browser publishes, reading waits. One that ends, falls silent or sends what viewers do not play ends the reading with an error that says
/// why (P2P1020,
/// P2P1021, P2P1022); the next reading waits for the next pictures.
/// </summary>
public sealed partial class BrowserCameraSource : IEncodedVideoSource, IChoosesCodec
{
    private const int MostUnread = 120;
    private static readonly TimeSpan CertificateLifetime = TimeSpan.FromDays(30);
    private readonly Lock _gate = new();
    private readonly BrowserCameraOptions _options;
    private readonly BrowserPublisherContext _context;
    private readonly DtlsHandshakePool _handshakes = new();
    private readonly MediaTimeline _timeline = new();
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly long _start;
    private readonly VideoCodec[] _codecs;
    private BrowserPublisher? _current;
    private BrowserPublisher? _timed;
    private Reading? _reading;
    private volatile Func<IEnumerable<IReadOnlyList<VideoCodec>>>? _viewers;
    private volatile string? _refusal;
    private string? _loggedProfile;
    private bool _isDisposed;

    /// <summary>Makes a source that no browser publishes to yet.</summary>
    /// <param name="options">Changes the defaults.</param>
    /// <param name="timeProvider">The clock; null takes the system's.</param>
    /// <param name="loggerFactory">Where to log; null for nowhere.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public BrowserCameraSource(BrowserCameraOptions? options = null, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null)
    {
        _options = options ?? new BrowserCameraOptions();
        _options.Validate();
        _codecs = [.. _options.Codecs.Distinct()];
        _timeProvider = timeProvider ?? TimeProvider.System;
        _start = _timeProvider.GetTimestamp();
        var loggers = loggerFactory ?? NullLoggerFactory.Instance;
        _logger = loggers.CreateLogger<BrowserCameraSource>();
        var today = _timeProvider.GetUtcNow();
        _context = new BrowserPublisherContext
        {
            Options = _options,
            Certificate = DtlsCertificate.Create(null, today.AddDays(-1), today + CertificateLifetime),
            Handshakes = _handshakes,
            TimeProvider = _timeProvider,
            LoggerFactory = loggers,
            OnFrame = OnFrame,
            OnStalled = OnStalled,
            OnUnplayable = OnUnplayable,
            OnEnded = OnEnded,
        };
    }

    /// <summary>A browser began or ended to publish. Raised on a thread-pool thread.</summary>
    public event EventHandler? PublisherChanged;

    /// <inheritdoc />
    public VideoSourceDescription Description => Publisher is { } info
        ? new("browser", "Browser camera", info.Width, info.Height, Math.Min(Math.Round(info.FrameRate, 1), VideoLimits.HighestFrameRate))
        : new("browser", "Browser camera");

    /// <inheritdoc />
    public IReadOnlyList<VideoCodec> Codecs => _codecs;

    /// <summary>The browser that publishes now; null if none does.</summary>
    public BrowserCameraInfo? Publisher
    {
        get
        {
            lock (_gate)
            {
                return _current?.Describe();
            }
        }
    }

    /// <summary>
    /// Why the last publisher was turned away after it had begun, for whoever looks at its state; null since another one is here.
    /// </summary>
    internal string? Refusal => _refusal;

    /// <inheritdoc />
    Func<IEnumerable<IReadOnlyList<VideoCodec>>>? IChoosesCodec.Viewers
    {
        get => _viewers;
        set => _viewers = value;
    }

    /// <summary>What the browser would better compress with, since more of the viewers could decode that; null if all is well. It changes by publishing anew.</summary>
    internal VideoCodec? BetterCodec
    {
        get
        {
            BrowserPublisher? publisher;
            lock (_gate)
            {
                publisher = _current;
            }

            return publisher?.Describe().Codec is { } used ? CodecChoice.Better(used, [.. _codecs.Where(publisher.Codecs.Contains)], ViewersCodecs()) : null;
        }
    }

    /// <inheritdoc />
    /// <exception cref="InvalidOperationException">Somebody else reads already.</exception>
    /// <exception cref="VideoSourceException">
    /// The browser ended (P2P1020), fell silent (P2P1021), or sends H.264 that viewers do not play (P2P1022).
    /// </exception>
    public async IAsyncEnumerable<EncodedFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var reading = BeginReading();
        try
        {
            while (await reading.Frames.Reader.WaitToReadAsync(cancellationToken))
            {
                while (reading.Frames.Reader.TryRead(out var frame))
                {
                    yield return frame;
                }
            }
        }
        finally
        {
            EndReading(reading);
        }
    }

    /// <inheritdoc />
    public void RequestKeyFrame()
    {
        lock (_gate)
        {
            _current?.RequestKeyFrame();
        }
    }

    /// <summary>Passes on another layer of a browser that sends several (simulcast); the change shows at that layer's next key frame, which is asked for.</summary>
    /// <param name="layer">The browser's name for it, as <see cref="EncodedFrame.Layer"/> has it; null for the best. Without effect where there is none of that name.</param>
    public void SelectLayer(string? layer)
    {
        lock (_gate)
        {
            _current?.SelectLayer(layer);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        BrowserPublisher? last;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            last = _current;
        }

        if (last is not null)
        {
            await last.DisposeAsync();
        }

        _handshakes.Dispose();
    }

    /// <summary>Answers a browser that wants to be the camera.</summary>
    /// <param name="offer">Its SDP.</param>
    /// <param name="takeOver">Whether it may push another one aside that is sending.</param>
    /// <exception cref="P2PException">There is no address to receive at (P2P1023).</exception>
    internal PublishOutcome TryPublish(string offer, bool takeOver)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return new PublishOutcome { Error = "The camera's host is stopping." };
            }

            if (_current is { IsActive: true } && !takeOver)
            {
                return new PublishOutcome { IsTaken = true };
            }
        }

        var publisher = BrowserPublisher.TryOpen(_context, CodecChoice.Order(_codecs, ViewersCodecs()), offer, out var answer, out var error);
        if (publisher is null)
        {
            return new PublishOutcome { Error = error };
        }

        BrowserPublisher? before;
        var isTooLate = false;
        lock (_gate)
        {
            before = _current;
            isTooLate = _isDisposed || (before is { IsActive: true } && !takeOver);
            if (!isTooLate)
            {
                _current = publisher;
                _reading?.WaitForKeyFrame();
            }
        }

        if (isTooLate)
        {
            publisher.Close("another browser was faster");
            return new PublishOutcome { IsTaken = true };
        }

        before?.Close("another browser took over");
        _loggedProfile = null;
        LogPublished();
        RaiseChanged();
        return new PublishOutcome { Publisher = publisher, Answer = answer };
    }

    private IEnumerable<IReadOnlyList<VideoCodec>> ViewersCodecs() => _viewers?.Invoke() ?? [];

    private Reading BeginReading()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_reading is not null)
            {
                throw new InvalidOperationException("A source has one reader at a time; end the other enumeration first.");
            }

            _current?.RequestKeyFrame();
            return _reading = new Reading();
        }
    }

    private void EndReading(Reading reading)
    {
        lock (_gate)
        {
            _reading = null;
        }

        reading.Frames.Writer.TryComplete();
        while (reading.Frames.Reader.TryRead(out var frame))
        {
            frame.Dispose();
        }
    }

    private void OnFrame(BrowserPublisher publisher, ReceivedFrame received)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(publisher, _current) || _reading is not { } reading)
            {
                ArrayPool<byte>.Shared.Return(received.Buffer);
                return;
            }

            if (!ReferenceEquals(publisher, _timed))
            {
                _timed = publisher;
                _timeline.BeginSession();
            }

            NoteProfile(received, publisher);
            var frame = EncodedFrame.TakeOver(received, _timeline.Map(_timeProvider.GetElapsedTime(_start), received.RtpTimestamp));
            if (!reading.TryWrite(frame))
            {
                frame.Dispose();
                publisher.RequestKeyFrame();
            }
        }
    }

    private void OnStalled(BrowserPublisher publisher)
    {
        LogStalled();
        lock (_gate)
        {
            if (ReferenceEquals(publisher, _current))
            {
                _reading?.Fail(new VideoSourceException("P2P1021", "The browser that is the camera sends no pictures: its page sleeps, its camera stands still, or the network is gone."));
            }
        }
    }

    private void OnUnplayable(BrowserPublisher publisher, string obstacle)
    {
        var error = new VideoSourceException(
            "P2P1022",
            $"The H.264 of the browser or encoder that publishes {obstacle}. Set it to Baseline, Main or High without B-frames "
            + "(OBS: tune zerolatency, B-frames 0; FFmpeg: -bf 0; GStreamer: bframes=0), or to another codec.");
        LogUnplayable(obstacle);
        lock (_gate)
        {
            if (ReferenceEquals(publisher, _current))
            {
                _refusal = error.Message;
                _reading?.Frames.Writer.TryComplete(error);
            }
        }
    }

    // On a key frame that differs from the last one in it, and for each new publisher.
    private void NoteProfile(in ReceivedFrame frame, BrowserPublisher publisher)
    {
        if (!frame.IsKeyFrame)
        {
            return;
        }

        _refusal = null;
        var profile = publisher.Profile;
        if (profile != _loggedProfile)
        {
            _loggedProfile = profile;
            if (profile is not null)
            {
                LogProfile(profile);
            }
        }
    }

    private void OnEnded(BrowserPublisher publisher, string reason)
    {
        var why = Words.Sentence(reason);
        LogEnded(why);
        lock (_gate)
        {
            if (!ReferenceEquals(publisher, _current))
            {
                return;
            }

            _current = null;
            _reading?.Fail(new VideoSourceException("P2P1020", $"The browser that was the camera is gone: {Words.Sentence(reason)}"));
        }

        RaiseChanged();
    }

    private void RaiseChanged()
    {
        if (PublisherChanged is { } changed)
        {
            ThreadPool.QueueUserWorkItem(_ => changed(this, EventArgs.Empty));
        }
    }

    /// <summary>One enumeration: what waits for it, and whether that must begin with a key frame.</summary>
    private sealed class Reading
    {
        private bool _waitsForKeyFrame = true;
        private bool _hasYielded;

        public Channel<EncodedFrame> Frames { get; } = Channel.CreateBounded<EncodedFrame>(new BoundedChannelOptions(MostUnread) { SingleReader = true });

        public void WaitForKeyFrame() => _waitsForKeyFrame = true;

        /// <summary>False for a frame that is of no use, or for which there is no room: what follows is of no use either until a key frame comes.</summary>
        public bool TryWrite(EncodedFrame frame)
        {
            if ((_waitsForKeyFrame && !frame.IsKeyFrame) || !Frames.Writer.TryWrite(frame))
            {
                _waitsForKeyFrame = true;
                return false;
            }

            _waitsForKeyFrame = false;
            return _hasYielded = true;
        }

        /// <summary>Ends it; without effect before its first frame: there was nothing to lose, and the next publisher is what it waits for.</summary>
        public void Fail(VideoSourceException error)
        {
            if (_hasYielded)
            {
                Frames.Writer.TryComplete(error);
            }
        }
    }

    [LoggerMessage(EventId = 1120, Level = LogLevel.Information, Message = "A browser publishes.")]
    private partial void LogPublished();

    [LoggerMessage(EventId = 1121, Level = LogLevel.Warning, Message = "The browser that publishes sends no frames.")]
    private partial void LogStalled();

    [LoggerMessage(EventId = 1122, Level = LogLevel.Information, Message = "The browser that published is gone: {Reason}")]
    private partial void LogEnded(string reason);

    [LoggerMessage(
        EventId = 1123,
        Level = LogLevel.Warning,
        Message = "The publisher was turned away: its H.264 {Obstacle}. Set its encoder to Baseline, Main or High without B-frames.")]
    private partial void LogUnplayable(string obstacle);

    [LoggerMessage(EventId = 1124, Level = LogLevel.Information, Message = "What is published is H.264 of the profile {Profile}.")]
    private partial void LogProfile(string profile);
}

/// <summary>What became of an offer to publish: a publisher and its answer, or the place is taken, or the offer is of no use.</summary>
internal readonly record struct PublishOutcome
{
    public BrowserPublisher? Publisher { get; init; }

    public string? Answer { get; init; }

    public bool IsTaken { get; init; }

    public string? Error { get; init; }
}
