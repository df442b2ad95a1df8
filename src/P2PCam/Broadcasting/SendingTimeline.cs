namespace P2PCam.Broadcasting;

/// <summary>
/// The one clock of what is sent. A source's timestamps count from wherever they like and begin anew when it is opened again; those of the slate are
/// ours. Viewers see times that only go forward, as far apart as the pictures were captured. Not for use by two threads at once.
/// </summary>
internal sealed class SendingTimeline
{
    // Two frames must not share an RTP timestamp: receivers would take them for one.
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);
    private TimeSpan _last = TimeSpan.MinValue;
    private TimeSpan _offset;
    private bool _isAnchored;

    /// <summary>The RTP timestamp (90 kHz) of a frame of the source.</summary>
    /// <param name="timestamp">On the source's clock.</param>
    /// <param name="now">On ours.</param>
    public uint Map(TimeSpan timestamp, TimeSpan now)
    {
        var mapped = timestamp + _offset;
        if (!_isAnchored || mapped < Earliest || (mapped - now).Duration() > Tolerance)
        {
            mapped = now > Earliest ? now : Earliest;
            (_offset, _isAnchored) = (mapped - timestamp, true);
        }

        return Take(mapped);
    }

    /// <summary>The RTP timestamp of something that is made now.</summary>
    public uint MapNow(TimeSpan now) => Take(now > Earliest ? now : Earliest);

    private TimeSpan Earliest => _last == TimeSpan.MinValue ? TimeSpan.MinValue : _last + Step;

    private uint Take(TimeSpan time)
    {
        _last = time;

        // 90 kHz in ticks of 100 ns; 9/1000 instead of 90,000/10,000,000 does not overflow with clocks that count from boot.
        return (uint)(time.Ticks * 9 / 1000);
    }
}
