using P2PCam.Broadcasting;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.Viewing;

/// <summary>What a <see cref="WatchController"/> works with, and whom it tells. Everything is called under its lock and must not wait.</summary>
internal sealed record WatchControllerContext
{
    public required ViewerOptions Options { get; init; }

    public required TimeProvider TimeProvider { get; init; }

    /// <summary>Makes a link whose media has the given name.</summary>
    public required Func<string, IMediaLink> OpenLink { get; init; }

    /// <summary>Sends an offer; failures show as a lost signaling connection.</summary>
    public required Action<OfferMessage> Send { get; init; }

    public required Action<ViewerState, string?> StateChanged { get; init; }

    public required Action<CameraState, string?> CameraStateChanged { get; init; }

    /// <summary>With the code of what went wrong.</summary>
    public Action<string>? AttemptFailed { get; init; }
}

/// <summary>
/// Decides when to offer: at once when the viewer has joined, when the camera comes back, when the media broke; then with growing waits. Media
/// does not depend on signaling: as long as pictures come, a lost signaling connection changes nothing.
/// </summary>
internal sealed partial class WatchController : IDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    // A broadcaster is without pictures for a second before it says that its camera is away.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    // A broadcaster that left and came back either kept its sessions, as its signaling alone had broken, and shows pictures soon; or it is another one.
    private static readonly TimeSpan SilenceAfterReturn = TimeSpan.FromMilliseconds(500);

    // A broadcaster that is just starting says "offline", and "live" with its first picture: whoever connects is told of the latter.
    private static readonly TimeSpan OfflineSettlesAfter = TimeSpan.FromMilliseconds(500);
    private readonly Lock _gate = new();
    private readonly WatchControllerContext _context;
    private readonly RetryDelays _delays;
    private readonly long _start;
    private readonly ITimer _timer;
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IMediaLink? _link;
    private Phase _phase;
    private ViewerState _state = ViewerState.Connecting;
    private CameraState? _camera;
    private bool _signalingUp;
    private bool _isSick;

    // The offer was heard by nobody, or by a broadcaster that has left the room since: whoever is there now knows nothing of it.
    private bool _isUnheard;

    // Frames of a session that had been connected before "offline" may still be on their way; they do not mean that the camera is back.
    private bool _awaitsReturn;
    private bool _wasLive;
    private bool _mayRetryAtOnce = true;
    private bool _disposed;
    private int _attempts;
    private TimeSpan _attemptStarted;
    private TimeSpan _deadline = TimeSpan.MaxValue;
    private TimeSpan _silentAt = TimeSpan.MaxValue;
    private TimeSpan _retryAt = TimeSpan.MaxValue;
    private TimeSpan _offlineSettlesAt = TimeSpan.MaxValue;

    public WatchController(WatchControllerContext context)
    {
        _context = context;
        _delays = new RetryDelays(context.Options.ReconnectDelay, context.Options.MaxReconnectDelay);
        _start = context.TimeProvider.GetTimestamp();
        _timer = context.TimeProvider.CreateTimer(static state => ((WatchController)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _ = _connected.Task.ContinueWith(static task => _ = task.Exception, TaskScheduler.Default);
    }

    private enum Phase
    {
        None,
        Offered,
        Answered,
        Connected,
    }

    /// <summary>Done when pictures arrive or the camera is known to be away; failed when the first attempt did.</summary>
    public Task Connected => _connected.Task;

    /// <summary>Done, with the reason, when nothing more will be tried.</summary>
    public Task<string> Ended => _ended.Task;

    public int Attempts => Volatile.Read(ref _attempts);

    private bool IsOffline => _camera == CameraState.Offline;

    private TimeSpan Now => _context.TimeProvider.GetElapsedTime(_start);

    public void OnSignalingUp() => Run(() =>
    {
        _signalingUp = true;
        if (_phase is Phase.None or Phase.Offered || _isSick)
        {
            StartAttempt();
        }
    });

    public void OnSignalingDown(string reason) => Run(() =>
    {
        _signalingUp = false;
        if (_phase == Phase.Offered)
        {
            DropLink();
        }

        if (_phase == Phase.None)
        {
            _retryAt = TimeSpan.MaxValue;
            Lose(reason);
        }
    });

    public void OnMessage(SignalingMessage message) => Run(() =>
    {
        switch (message)
        {
            case CameraStateMessage camera:
                OnCamera(camera);
                break;
            case AnswerMessage answer when _phase == Phase.Offered && !_link!.IsForAnotherOffer(answer.Sdp):
                OnAnswer(answer.Sdp);
                break;
            case CandidateMessage candidate:
                _link?.AddCandidate(candidate.Candidate);
                break;
            case EndOfCandidatesMessage:
                _link?.SetEndOfCandidates();
                break;
            case ErrorMessage error when _phase == Phase.Offered || (error.Code == "P2P2112" && _phase != Phase.None):
                FailAttempt(error.Code, error.Message);
                break;
            case ByeMessage bye:
                OnBye(bye.Reason ?? "the broadcaster said goodbye");
                break;
        }
    });

    public void OnLinkEvent(IMediaLink link, PeerSessionEvent e) => Run(() =>
    {
        if (!ReferenceEquals(link, _link))
        {
            return;
        }

        switch (e.Kind)
        {
            case PeerSessionEventKind.Connected:
                _phase = Phase.Connected;
                _deadline = _attemptStarted + _context.Options.ConnectTimeout;
                break;
            case PeerSessionEventKind.Disconnected when _signalingUp && !IsOffline:
                Lose("the broadcaster was not heard of for some seconds");
                break;
            case PeerSessionEventKind.Disconnected:
                _isSick = true;
                break;
            case PeerSessionEventKind.Reconnected:
                _isSick = false;
                break;
            case PeerSessionEventKind.Closed when _phase == Phase.Connected && _deadline == TimeSpan.MaxValue:
                Lose($"the broadcaster {DescribeClose(e)}");
                break;
            case PeerSessionEventKind.Closed:
                FailAttempt("P2P2204", $"No media path to the broadcaster: {DescribeClose(e)}.");
                break;
        }
    });

    /// <summary>A whole frame came.</summary>
    public void OnFrame(IMediaLink link)
    {
        lock (_gate)
        {
            if (_disposed || !ReferenceEquals(link, _link))
            {
                return;
            }

            _silentAt = Now + Silence;
            if (_state == ViewerState.Live || _awaitsReturn)
            {
                return;
            }

            (_deadline, _offlineSettlesAt, _isUnheard) = (TimeSpan.MaxValue, TimeSpan.MaxValue, false);
            _wasLive = _mayRetryAtOnce = true;
            _delays.Reset();
            if (IsOffline)
            {
                // Media is faster than signaling: the picture is here, and the broadcaster's "live" is still to come.
                SetCamera(CameraState.Live, null);
            }

            SetState(ViewerState.Live, null);
            _connected.TrySetResult();
            Arm();
        }
    }

    /// <summary>Ends everything; the link says goodbye on its own time.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            DropLink();
            _connected.TrySetCanceled();
            _ended.TrySetResult("disconnected");
        }

        _timer.Dispose();
    }

    private static string DescribeClose(in PeerSessionEvent e) => e.Reason == PeerSessionCloseReason.FingerprintMismatch
        ? "its certificate is not the one in its answer"
        : CloseReasons.Describe(e);

    private void Run(Action handle)
    {
        lock (_gate)
        {
            if (!_disposed && !_ended.Task.IsCompleted)
            {
                handle();
                Arm();
            }
        }
    }

    private void OnTimer() => Run(() =>
    {
        var now = Now;
        if (_retryAt <= now)
        {
            _retryAt = TimeSpan.MaxValue;
            if (_signalingUp && _phase == Phase.None)
            {
                StartAttempt();
            }
        }

        if (_offlineSettlesAt <= now)
        {
            _offlineSettlesAt = TimeSpan.MaxValue;
            _connected.TrySetResult();
        }

        if (_deadline <= now)
        {
            OnAttemptTimeout();
        }

        if (_silentAt <= now)
        {
            _silentAt = TimeSpan.MaxValue;
            if (_phase == Phase.Connected && !IsOffline)
            {
                Lose("no pictures came");
            }
        }
    });

    private void OnCamera(CameraStateMessage camera)
    {
        var wasOffline = IsOffline;
        _offlineSettlesAt = TimeSpan.MaxValue;
        SetCamera(camera.State, camera.Description);
        if (camera.State == CameraState.Offline)
        {
            _isUnheard |= camera.Unheard && _phase != Phase.None;
            GoOffline(camera.Description);
        }
        else if (wasOffline)
        {
            OnCameraBack();
        }
    }

    private void OnCameraBack()
    {
        _awaitsReturn = false;
        if (_phase == Phase.Connected && (_isUnheard || _deadline == TimeSpan.MaxValue))
        {
            _silentAt = Now + (_isUnheard ? SilenceAfterReturn : Silence);
        }
        else if (_phase == Phase.None || (_isUnheard && _phase != Phase.Connected))
        {
            SetState(_wasLive ? ViewerState.Reconnecting : ViewerState.Connecting, "the camera is back");
            StartAttempt();
        }

        // Otherwise the broadcaster that was without a picture has this very offer: its answer, its media or its picture is on the way.
    }

    private void GoOffline(string? description)
    {
        _silentAt = TimeSpan.MaxValue;
        _awaitsReturn = _phase == Phase.Connected;
        SetState(ViewerState.CameraOffline, description);
        if (!_connected.Task.IsCompleted)
        {
            _offlineSettlesAt = Now + OfflineSettlesAfter;
        }

        if (_phase == Phase.None)
        {
            RetryLater();
        }
    }

    private void SetCamera(CameraState state, string? description)
    {
        if (_camera != state)
        {
            _camera = state;
            _context.CameraStateChanged(state, description);
        }
    }

    private void OnBye(string reason)
    {
        DropLink();
        if (!_context.Options.Reconnect)
        {
            End(reason);
            return;
        }

        SetCamera(CameraState.Offline, reason);
        GoOffline(reason);
    }

    private void OnAnswer(string sdp)
    {
        if (_link!.TryAccept(sdp, out var error))
        {
            // Whoever answers is there, whatever was said before.
            (_phase, _isUnheard, _deadline) = (Phase.Answered, false, _attemptStarted + _context.Options.ConnectTimeout);
        }
        else
        {
            FailAttempt("P2P2203", error);
        }
    }
}
