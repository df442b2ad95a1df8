namespace P2PCam.Diagnostics;

/// <summary>What one run of a viewer tells the meter: once a second, and at its end, what its statistics have grown by.</summary>
internal sealed class ReceivingMetrics : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly ReceivingInstruments _instruments;
    private readonly TimeProvider _timeProvider;
    private Func<ViewerStatistics>? _read;
    private ViewerStatistics _told = new();
    private ITimer? _timer;

    public ReceivingMetrics(ReceivingInstruments instruments, string stream, TimeProvider timeProvider)
    {
        (_instruments, Stream, _timeProvider) = (instruments, stream, timeProvider);
        Tag = new(TagNames.Stream, stream);
    }

    public string Stream { get; }

    public KeyValuePair<string, object?> Tag { get; }

    /// <summary>From now on tells what <paramref name="read"/> returns.</summary>
    public void Start(Func<ViewerStatistics> read)
    {
        _read = read;
        _instruments.Add(this);
        _timer = _timeProvider.CreateTimer(static state => ((ReceivingMetrics)state!).Sample(), this, Interval, Interval);
    }

    public void AttemptFailed(string code) => _instruments.Failures.Add(1, Tag, new(TagNames.Error, code));

    public void FrameDecoded(TimeSpan duration) => _instruments.DecodeDuration.Record(duration.TotalSeconds, Tag);

    public void Dispose()
    {
        _timer?.Dispose();
        _instruments.Remove(this);
        Sample();
    }

    private void Sample()
    {
        lock (_gate)
        {
            if (_read is not { } read)
            {
                return;
            }

            var (now, before) = (read(), _told);
            Grow(_instruments.Connections, now.Connections, before.Connections);
            Grow(_instruments.FramesReceived, now.FramesReceived, before.FramesReceived);
            Grow(_instruments.FramesDecoded, now.FramesDecoded, before.FramesDecoded);
            Grow(_instruments.PacketsReceived, now.PacketsReceived, before.PacketsReceived);
            Grow(_instruments.PacketsLost, now.PacketsLost, before.PacketsLost);
            Grow(_instruments.NacksSent, now.NacksSent, before.NacksSent);
            Grow(_instruments.KeyFrameRequests, now.KeyFrameRequests, before.KeyFrameRequests);
            Grow(_instruments.BytesReceived, now.BytesReceived, before.BytesReceived);

            // This one shrinks when a reader leaves: what was told stays told.
            Grow(_instruments.FramesDropped, now.FramesDropped, before.FramesDropped);
            _told = now.FramesDropped < before.FramesDropped ? now with { FramesDropped = before.FramesDropped } : now;
            RecordPath(now, before);
        }
    }

    private void RecordPath(ViewerStatistics now, ViewerStatistics before)
    {
        if (now.TimeToFirstFrame is { } firstFrame && before.TimeToFirstFrame is null)
        {
            _instruments.TimeToFirstFrame.Record(firstFrame.TotalSeconds, Tag);
        }

        if (now.RoundTripTime is { } roundTripTime)
        {
            _instruments.RoundTripTime.Record(roundTripTime.TotalSeconds, Tag);
            _instruments.Jitter.Record(now.Jitter.TotalSeconds, Tag);
        }
    }

    private void Grow(System.Diagnostics.Metrics.Counter<long> counter, long now, long before)
    {
        if (now > before)
        {
            counter.Add(now - before, Tag);
        }
    }
}
