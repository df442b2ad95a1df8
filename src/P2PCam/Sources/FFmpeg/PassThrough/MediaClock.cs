namespace P2PCam.Sources.FFmpeg.PassThrough;

/// <summary>
/// Brings the times in a stream to the source's own clock, so that they go on when the stream is opened again, and never run back. A stream whose times
/// leave its arrival behind by more than <see cref="Tolerance"/> is taken up anew: a camera's clock was set, or it drifts. So is a live one whose times
/// stand still, because it has none: then what counts is the arrival.
/// </summary>
internal sealed class MediaClock(TimeProvider timeProvider, bool isLive)
{
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);
    private readonly long _origin = timeProvider.GetTimestamp();
    private TimeSpan? _offset;
    private TimeSpan _last = -Step;
    private TimeSpan? _lastInStream;

    public TimeSpan Now => timeProvider.GetElapsedTime(_origin);

    /// <summary>The stream begins anew with its next frame.</summary>
    public void Restart() => _offset = _lastInStream = null;

    public TimeSpan Map(TimeSpan streamTime)
    {
        var now = Now;
        var time = streamTime + (_offset ??= now - streamTime);

        // A file is ahead for as long as its next frame is away; only live pictures cannot come from the future.
        if (now - time > Tolerance || (isLive && (time - now > Tolerance || streamTime <= _lastInStream)))
        {
            _offset = now - streamTime;
            time = now;
        }

        _lastInStream = streamTime;
        return _last = time > _last ? time : _last + Step;
    }
}
