using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using P2PCam.Broadcasting;
using P2PCam.Codecs.Frames;
using P2PCam.Diagnostics;
using P2PCam.VideoDecoding;

namespace P2PCam.Viewing;

/// <summary>Connect and disconnect, state and events, and the queues of those who read. What happens in between is a <see cref="ViewerRun"/>.</summary>
internal sealed partial class CameraViewer : IViewer
{
    private readonly ISignalingTransport _signaling;
    private readonly ViewerOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILoggerFactory _loggerFactory;
    private readonly IMeterFactory? _meterFactory;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _lifecycle = new(1, 1);
    private readonly Readers<PictureQueue> _pictureReaders = new();
    private readonly Readers<EncodedQueue> _encodedReaders = new();
    private readonly EventDispatcher _events;
    private readonly Task _dispatching;
    private volatile ViewerRun? _run;
    private ViewerStatistics _lastStatistics = new();
    private int _state = (int)ViewerState.Disconnected;
    private int _cameraState = -1;
    private bool _disposed;

    public CameraViewer(ISignalingTransport signaling, ViewerOptions options, TimeProvider timeProvider, ILoggerFactory loggerFactory, IMeterFactory? meterFactory = null)
    {
        (_signaling, _options, _timeProvider, _loggerFactory, _meterFactory) = (signaling, options, timeProvider, loggerFactory, meterFactory);
        _logger = loggerFactory.CreateLogger<CameraViewer>();
        _events = new EventDispatcher(loggerFactory.CreateLogger<EventDispatcher>());
        _dispatching = Task.Run(_events.RunAsync);
    }

    public event EventHandler<ViewerStateChangedEventArgs>? StateChanged;

    public event EventHandler<CameraStateChangedEventArgs>? CameraStateChanged;

    public string Stream => _options.Stream;

    public ViewerState State => (ViewerState)Volatile.Read(ref _state);

    public CameraState? CameraState => Volatile.Read(ref _cameraState) is >= 0 and var state ? (CameraState)state : null;

    public async Task ConnectAsync(CancellationToken cancellationToken = default)
    {
        await _lifecycle.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_run is not null)
            {
                return;
            }

            SetState(ViewerState.Connecting, null);
            var run = _run = new ViewerRun(CreateContext());
            await run.StartAsync(cancellationToken);
            _ = EndWhenOverAsync(run);
        }
        catch (Exception e)
        {
            await EndRunAsync();
            SetState(_disposed ? ViewerState.Closed : ViewerState.Disconnected, e.Message);
            ObjectDisposedException.ThrowIf(_disposed, this);
            throw;
        }
        finally
        {
            _lifecycle.Release();
        }
    }

    public async Task DisconnectAsync(CancellationToken cancellationToken = default)
    {
        // A connect that is under way gives up first.
        _run?.Abort();
        await _lifecycle.WaitAsync(cancellationToken);
        try
        {
            if (_run is not null)
            {
                await EndRunAsync();
                CompleteReaders();
                SetState(ViewerState.Disconnected, null);
            }
        }
        finally
        {
            _lifecycle.Release();
        }
    }

    public async IAsyncEnumerable<VideoFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var queue = new PictureQueue(_options.Delivery == FrameDelivery.LatestWins ? 1 : _options.MaxQueuedFrames);
        ObjectDisposedException.ThrowIf(_disposed, this);
        _pictureReaders.Add(queue);
        try
        {
            _run?.OnPictureReadersChanged();
            await foreach (var frame in queue.ReadAllAsync(cancellationToken))
            {
                // Here rather than where it is decoded: what is dropped on the way is not converted.
                using (frame)
                {
                    yield return FrameConverter.Convert(frame, _options.OutputFormat);
                }
            }
        }
        finally
        {
            _pictureReaders.Remove(queue);
            _run?.OnPictureReadersChanged();
        }
    }

    public async IAsyncEnumerable<EncodedFrame> ReadEncodedFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var queue = new EncodedQueue(_options.MaxQueuedFrames, () => _run?.RequestKeyFrame());
        ObjectDisposedException.ThrowIf(_disposed, this);
        _encodedReaders.Add(queue);
        try
        {
            _run?.RequestKeyFrame();
            await foreach (var frame in queue.ReadAllAsync(cancellationToken))
            {
                yield return frame;
            }
        }
        finally
        {
            _encodedReaders.Remove(queue);
        }
    }

    public ViewerStatistics GetStatistics() => _run?.GetStatistics() ?? _lastStatistics;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        await DisconnectAsync();
        CompleteReaders();
        await _signaling.DisposeAsync();
        SetState(ViewerState.Closed, null);
        _events.Complete();
        await _dispatching;
    }

    private async Task EndWhenOverAsync(ViewerRun run)
    {
        var reason = await run.Ended;
        await _lifecycle.WaitAsync();
        try
        {
            if (ReferenceEquals(run, _run))
            {
                await EndRunAsync();
                CompleteReaders();
                SetState(ViewerState.Disconnected, reason);
            }
        }
        finally
        {
            _lifecycle.Release();
        }
    }

    private async Task EndRunAsync()
    {
        if (_run is { } run)
        {
            await run.DisposeAsync();
            _lastStatistics = run.GetStatistics();
            _run = null;
            Volatile.Write(ref _cameraState, -1);
        }
    }

    private void CompleteReaders()
    {
        foreach (var reader in _pictureReaders.All)
        {
            reader.Complete();
        }

        foreach (var reader in _encodedReaders.All)
        {
            reader.Complete();
        }
    }

    private void SetState(ViewerState state, string? reason)
    {
        var previous = (ViewerState)Interlocked.Exchange(ref _state, (int)state);
        if (previous != state)
        {
            var why = Words.Addition(reason);
            LogState(Stream, state, why);
            var changed = new ViewerStateChangedEventArgs(previous, state, reason);
            _events.Post(() => StateChanged?.Invoke(this, changed));
        }
    }

    private void SetCameraState(CameraState state, string? description)
    {
        Volatile.Write(ref _cameraState, (int)state);
        var changed = new CameraStateChangedEventArgs(state, description);
        _events.Post(() => CameraStateChanged?.Invoke(this, changed));
    }

    private ViewerRunContext CreateContext() => new()
    {
        Signaling = _signaling,
        Options = _options,
        TimeProvider = _timeProvider,
        LoggerFactory = _loggerFactory,
        PictureReaders = _pictureReaders,
        EncodedReaders = _encodedReaders,
        CreateDecoder = static () => new Vp8VideoDecoder(),
        Metrics = new ReceivingMetrics(ReceivingInstruments.For(_meterFactory), Stream, _timeProvider),
        StateChanged = SetState,
        CameraStateChanged = SetCameraState,
    };

    [LoggerMessage(EventId = 2001, Level = LogLevel.Information, Message = "The viewer of stream {Stream} is {State}.{Reason}")]
    private partial void LogState(string stream, ViewerState state, string reason);
}
