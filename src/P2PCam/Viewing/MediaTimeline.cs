namespace P2PCam.Viewing;

/// <summary>
/// Turns the RTP timestamps of one session after another (90 kHz, 32 bits, random start: RFC 3550 section 5.1) into one clock that starts near 0
/// and never goes back.
/// </summary>
internal sealed class MediaTimeline
{
    private const long TicksPerUnitTimes9 = 1000;
    private TimeSpan _origin;
    private long _units;
    private uint _lastTimestamp;
    private TimeSpan _last = TimeSpan.FromTicks(-1);
    private bool _inSession;

    /// <summary>The next frame comes from another session, with a random start of its own.</summary>
    public void BeginSession() => _inSession = false;

    /// <param name="now">Since the viewer connected; places the first frame of a session.</param>
    /// <param name="rtpTimestamp">Of the frame.</param>
    public TimeSpan Map(TimeSpan now, uint rtpTimestamp)
    {
        if (!_inSession)
        {
            (_inSession, _origin, _units) = (true, _last < TimeSpan.Zero ? TimeSpan.Zero : now, 0);
        }
        else
        {
            _units += (int)(rtpTimestamp - _lastTimestamp);
        }

        _lastTimestamp = rtpTimestamp;
        var mapped = _origin + TimeSpan.FromTicks(_units * TicksPerUnitTimes9 / 9);
        return _last = mapped > _last ? mapped : _last + TimeSpan.FromTicks(1);
    }
}
