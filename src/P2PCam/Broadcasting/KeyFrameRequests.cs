namespace P2PCam.Broadcasting;

/// <summary>
/// Turns key-frame requests of many viewers into few key frames: the first request is served by the next frame, those that follow
/// within the coalescing time by one more at its end. Safe from several threads.
/// </summary>
internal sealed class KeyFrameRequests(TimeSpan coalescing)
{
    private readonly Lock _gate = new();
    private TimeSpan? _lastKeyFrame;
    private bool _requested;

    public long Requests { get; private set; }

    public void Request()
    {
        lock (_gate)
        {
            Requests++;
            _requested = true;
        }
    }

    /// <summary>Whether the frame that is encoded now must be a key frame.</summary>
    public bool IsDue(TimeSpan now)
    {
        lock (_gate)
        {
            return _requested && (_lastKeyFrame is not { } last || now - last >= coalescing);
        }
    }

    /// <summary>Notes that a key frame was made, whoever wanted it.</summary>
    public void OnKeyFrame(TimeSpan now)
    {
        lock (_gate)
        {
            _lastKeyFrame = now;
            _requested = false;
        }
    }
}
