using System.Net;
using System.Threading.Channels;

namespace P2PCam.Tests.Viewing;

/// <summary>A broadcaster and viewers in one room on loopback, with a test pattern whose frames are numbered.</summary>
internal sealed class ViewerBed : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly List<IAsyncDisposable> _made = [];

    public InMemorySignaling Signaling { get; } = new();

    public IBroadcaster CreateBroadcaster(IVideoSource? source = null, ISignalingTransport? signaling = null, Action<BroadcasterOptions>? configure = null)
    {
        // A busy machine must not look like a camera that stands still.
        var options = new BroadcasterOptions { MediaPort = 0, MediaAddresses = { IPAddress.Loopback }, Bitrate = 500_000, SourceStallTimeout = TimeSpan.FromMinutes(1) };
        configure?.Invoke(options);
        var broadcaster = Broadcaster.Create(source ?? new TestPatternSource(640, 360), signaling ?? Signaling.CreateTransport(), options);
        _made.Add(broadcaster);
        return broadcaster;
    }

    /// <summary>Starts one and, if its source yields pictures by itself, waits for the first: whoever connects then finds the camera live.</summary>
    public async Task<IBroadcaster> StartBroadcasterAsync(IVideoSource? source = null)
    {
        var broadcaster = CreateBroadcaster(source);
        var live = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        broadcaster.StateChanged += (_, e) =>
        {
            if (e.Current == BroadcasterState.Live)
            {
                live.TrySetResult();
            }
        };
        await broadcaster.StartAsync();
        if (source is null or TestPatternSource)
        {
            await live.Task.WaitAsync(Limit);
        }

        return broadcaster;
    }

    public IViewer CreateViewer(Action<ViewerOptions>? configure = null, ISignalingTransport? signaling = null)
    {
        var options = new ViewerOptions { MediaAddresses = { IPAddress.Loopback } };
        configure?.Invoke(options);
        var viewer = Viewer.Create(signaling ?? Signaling.CreateTransport(), options);
        _made.Add(viewer);
        return viewer;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var each in Enumerable.Reverse(_made))
        {
            await each.DisposeAsync();
        }
    }
}

/// <summary>Collects a viewer's events, to be waited for one after another.</summary>
internal sealed class ViewerEvents
{
    private readonly Channel<ViewerStateChangedEventArgs> _states = Channel.CreateUnbounded<ViewerStateChangedEventArgs>();
    private readonly Channel<CameraStateChangedEventArgs> _camera = Channel.CreateUnbounded<CameraStateChangedEventArgs>();

    public ViewerEvents(IViewer viewer)
    {
        viewer.StateChanged += (_, e) => _states.Writer.TryWrite(e);
        viewer.CameraStateChanged += (_, e) => _camera.Writer.TryWrite(e);
    }

    /// <summary>Waits for a state; those before it are passed over.</summary>
    public async Task<ViewerStateChangedEventArgs> NextAsync(ViewerState state)
    {
        while (true)
        {
            var e = await _states.Reader.ReadAsync().AsTask().WaitAsync(ViewerBed.Limit);
            if (e.Current == state)
            {
                return e;
            }
        }
    }

    public async Task<CameraStateChangedEventArgs> NextAsync(CameraState state)
    {
        while (true)
        {
            var e = await _camera.Reader.ReadAsync().AsTask().WaitAsync(ViewerBed.Limit);
            if (e.State == state)
            {
                return e;
            }
        }
    }
}

/// <summary>A transport whose connection can be cut, as a network would, and kept from coming back.</summary>
internal sealed class ViewerBedSignaling(ISignalingTransport inner) : ISignalingTransport
{
    private readonly TaskCompletionSource _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _rejoined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource _cut = new();
    private int _connects;

    public string Name => inner.Name;

    public bool RefuseToConnect { get; set; }

    /// <summary>Done when an attempt to join again was refused.</summary>
    public Task Refused => _refused.Task;

    /// <summary>Done when it has joined again.</summary>
    public Task Rejoined => _rejoined.Task;

    public async Task ConnectAsync(SignalingJoin join, CancellationToken cancellationToken = default)
    {
        if (RefuseToConnect)
        {
            _refused.TrySetResult();
            throw new SignalingException("P2P2002", "Cut by the test.");
        }

        await inner.ConnectAsync(join, cancellationToken);
        _cut = new CancellationTokenSource();
        if (++_connects > 1)
        {
            _rejoined.TrySetResult();
        }
    }

    public ValueTask SendAsync(SignalingMessage message, CancellationToken cancellationToken = default) => inner.SendAsync(message, cancellationToken);

    public async IAsyncEnumerable<SignalingMessage> ReadAllAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _cut.Token);
        await foreach (var message in inner.ReadAllAsync(either.Token))
        {
            yield return message;
        }
    }

    public Task CutAsync() => _cut.CancelAsync();

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

/// <summary>Writes a grey picture every 20 ms until it is disposed.</summary>
internal sealed class FrameFeed : IDisposable
{
    private readonly Timer _timer;

    public FrameFeed(VideoFrameChannel channel)
    {
        var pixels = new byte[64 * 64 * 3 / 2];
        _timer = new Timer(_ => channel.TryWrite(VideoFrame.Copy(pixels, 64, 64, PixelFormat.I420, TimeSpan.FromMilliseconds(Environment.TickCount64))), null, 0, 20);
    }

    public void Dispose() => _timer.Dispose();
}
