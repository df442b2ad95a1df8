namespace P2PCam.WebRtc.Receiving;

/// <summary>
/// One of the streams that a sender makes of its picture; the only one has no rid. It is there once a frame of it is whole.
/// </summary>
internal sealed class VideoLayer(string? rid, VideoReceiver receiver)
{
    private static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(5);

    // How long a layer that comes may take to its first whole frame, and one that was asked to its key frame.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestDeafness = TimeSpan.FromSeconds(30);
    private const int IntervalsOfSilence = 3;
    private TimeSpan _lastMedia = TimeSpan.MinValue;
    private TimeSpan _comesSince;
    private TimeSpan? _lastFrame;
    private TimeSpan _interval;
    private TimeSpan? _keyFrameAskedAt;
    private long _keyFramesBefore;
    private double _bytes;

    public string? Rid { get; } = rid;

    public VideoReceiver Receiver { get; } = receiver;

    /// <summary>Whether any media has come of it.</summary>
    public bool HasCome => _lastMedia != TimeSpan.MinValue;

    // Of slow pictures one is not late after a second.
    private TimeSpan Silence => IntervalsOfSilence * _interval > SilentAfter ? IntervalsOfSilence * _interval : SilentAfter;

    /// <summary>Notes a packet that carries media; padding and what is sent once more make no layer.</summary>
    public void OnMedia(TimeSpan now, int bytes)
    {
        if (!Comes(now))
        {
            // Another beginning: after a pause, or the first.
            (_comesSince, _lastFrame, _keyFrameAskedAt) = (now, null, null);
        }

        _bytes = GetWeight(now) + bytes;
        _lastMedia = now;
    }

    /// <summary>
    /// What came lately, in bytes of which those of a second ago count a third: comparable with other layers', however slow the pictures
    /// are.
    /// </summary>
    public double GetWeight(TimeSpan now) => HasCome ? _bytes * Math.Exp(-(now - _lastMedia).TotalSeconds) : 0;

    /// <summary>Notes a whole frame.</summary>
    public void OnFrame(TimeSpan at)
    {
        if (_lastFrame is { } last && at > last)
        {
            var interval = at - last < LongestInterval ? at - last : LongestInterval;
            _interval = _interval == TimeSpan.Zero ? interval : _interval + ((interval - _interval) / 8);
        }

        _lastFrame = at;
    }

    /// <summary>Whether its packets come.</summary>
    public bool Comes(TimeSpan now) => HasCome && now - _lastMedia < Silence && Receiver.GoneSince is null;

    /// <summary>Whether whole frames come.</summary>
    public bool GivesFrames(TimeSpan now) => Comes(now) && _lastFrame is { } last && now - last < Silence + SilentAfter;

    /// <summary>Comes, and has had no time yet to give a whole frame.</summary>
    public bool IsOnProbation(TimeSpan now) => Comes(now) && _lastFrame is null && now - _comesSince < Patience;

    /// <summary>Asks for the key frame with which it can take over.</summary>
    public void AskForKeyFrame(TimeSpan now)
    {
        if (Comes(now))
        {
            (_keyFrameAskedAt, _keyFramesBefore) = (now, Receiver.Counters.KeyFrames);
            Receiver.RequestKeyFrame(now);
        }
    }

    /// <summary>Whether it was asked for a key frame and has sent none: others come first, for a while.</summary>
    public bool IsDeaf(TimeSpan now) =>
        _keyFrameAskedAt is { } asked && now - asked >= Patience && now - asked < LongestDeafness
        && Receiver.Counters.KeyFrames == _keyFramesBefore;
}
