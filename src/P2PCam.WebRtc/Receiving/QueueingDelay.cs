using P2PCam.WebRtc.Rtp;

namespace P2PCam.WebRtc.Receiving;

/// <summary>
/// How long packets wait on their way, from the send times that they carry: the one-way delay above the least that was seen in the last ten to
/// twenty seconds, so that neither the clocks' offset nor their slow drift counts. Of each interval the least is taken, which jitter hardly
/// changes and a queue that stands does.
/// </summary>
internal sealed class QueueingDelay
{
    private static readonly TimeSpan BaselineAge = TimeSpan.FromSeconds(10);
    private const int FewestPackets = 3;
    private uint _lastSent;
    private TimeSpan _sent;
    private TimeSpan _baseline = TimeSpan.MaxValue;
    private TimeSpan _formerBaseline = TimeSpan.MaxValue;
    private TimeSpan _baselineUntil = TimeSpan.MinValue;
    private TimeSpan _least = TimeSpan.MaxValue;
    private int _packets;

    /// <param name="now">When it arrived.</param>
    /// <param name="sendTime">Its abs-send-time (<see cref="AbsoluteSendTime"/>).</param>
    public void OnPacket(TimeSpan now, uint sendTime)
    {
        _sent += _baselineUntil == TimeSpan.MinValue ? TimeSpan.Zero : AbsoluteSendTime.Difference(sendTime, _lastSent);
        _lastSent = sendTime;
        var delay = now - _sent;
        if (now >= _baselineUntil)
        {
            (_formerBaseline, _baseline) = (_baseline, TimeSpan.MaxValue);
            _baselineUntil = now + BaselineAge;
        }

        _baseline = delay < _baseline ? delay : _baseline;
        _least = delay < _least ? delay : _least;
        _packets++;
    }

    /// <summary>The least delay since the last call; null when too few packets came to tell.</summary>
    public TimeSpan? Take()
    {
        var baseline = _formerBaseline < _baseline ? _formerBaseline : _baseline;
        TimeSpan? result = _packets >= FewestPackets ? _least - baseline : null;
        (_least, _packets) = (TimeSpan.MaxValue, 0);
        return result;
    }
}
