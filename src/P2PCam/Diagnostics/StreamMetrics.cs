namespace P2PCam.Diagnostics;

/// <summary>
/// What one run of a broadcaster tells the meter; one method for each thing that happens. Safe from several threads, allocates nothing. What is per
/// viewer is told by <see cref="ViewerJourney"/>, once a second and not per frame.
/// </summary>
internal sealed class StreamMetrics : IDisposable
{
    private static readonly KeyValuePair<string, object?> KeyFrame = new(TagNames.FrameType, "key");
    private static readonly KeyValuePair<string, object?> DeltaFrame = new(TagNames.FrameType, "delta");
    private readonly Func<int> _viewers;
    private readonly Func<int> _targetBitrate;
    private readonly List<ViewerJourney> _watched = [];

    public StreamMetrics(BroadcastInstruments instruments, string stream, Func<int> viewers, Func<int> targetBitrate)
    {
        (Instruments, Stream, _viewers, _targetBitrate) = (instruments, stream, viewers, targetBitrate);
        Tag = new(TagNames.Stream, stream);
        instruments.Add(this);
    }

    public BroadcastInstruments Instruments { get; }

    public string Stream { get; }

    public KeyValuePair<string, object?> Tag { get; }

    public long Viewers => _viewers();

    public long TargetBitrate => _targetBitrate();

    /// <summary>What the source is doing, one of <see cref="SourceStates"/>.</summary>
    public string SourceState { get; set; } = SourceStates.Opening;

    public void FrameCaptured() => Instruments.FramesCaptured.Add(1, Tag);

    public void FrameEncoded(bool isKeyFrame, TimeSpan duration)
    {
        Instruments.FramesEncoded.Add(1, Tag, isKeyFrame ? KeyFrame : DeltaFrame);
        Instruments.EncodeDuration.Record(duration.TotalSeconds, Tag);
    }

    /// <param name="reason">One of <see cref="DropReasons"/>.</param>
    /// <param name="count">How many.</param>
    public void FramesDropped(string reason, long count = 1) => Instruments.FramesDropped.Add(count, Tag, new(TagNames.DropReason, reason));

    /// <param name="reason">One of <see cref="InterruptionReasons"/>.</param>
    public void SourceInterrupted(string reason) => Instruments.SourceInterruptions.Add(1, Tag, new(TagNames.Error, reason));

    public void SlateSent() => Instruments.SlatesSent.Add(1, Tag);

    public void KeyFrameAsked() => Instruments.KeyFramesAsked.Add(1, Tag);

    public void SourceRestarted() => Instruments.SourceRestarts.Add(1, Tag);

    public void SignalingReconnected(string transport) => Instruments.SignalingReconnects.Add(1, Tag, new(TagNames.Transport, transport));

    /// <summary>From now on samples this viewer; on the session loop, as the next two.</summary>
    public void Watch(ViewerJourney viewer) => _watched.Add(viewer);

    public void Unwatch(ViewerJourney viewer) => _watched.Remove(viewer);

    public void SampleViewers()
    {
        foreach (var viewer in _watched)
        {
            viewer.Sample();
        }
    }

    public void Dispose() => Instruments.Remove(this);
}
