using P2PCam.WebRtc.Rtcp;

namespace P2PCam.WebRtc.Receiving;

/// <summary>Counts what a report block says of one source (RFC 3550 section 6.4.1 and appendix A.3, A.8).</summary>
internal sealed class ReceptionStatistics
{
    public const int ClockRate = 90_000;
    private long _first = -1;
    private long _highest;
    private long _expectedBefore;
    private long _receivedBefore;
    private double _jitter;
    private (TimeSpan Arrival, uint Timestamp)? _last;
    private (uint Compact, TimeSpan Arrival)? _lastSenderReport;

    public long Received { get; private set; }

    public long Expected => _first < 0 ? 0 : _highest - _first + 1;

    /// <summary>Interarrival jitter in RTP clock units.</summary>
    public double Jitter => _jitter;

    public void OnPacket(TimeSpan now, long sequenceNumber, uint timestamp)
    {
        Received++;
        _first = _first < 0 ? sequenceNumber : _first;
        _highest = Math.Max(_highest, sequenceNumber);
        if (_last is { } last && last.Timestamp != timestamp)
        {
            var transit = ((now - last.Arrival).TotalSeconds * ClockRate) - (int)(timestamp - last.Timestamp);
            _jitter += (Math.Abs(transit) - _jitter) / 16;
        }

        _last = (now, timestamp);
    }

    public void OnSenderReport(TimeSpan now, NtpTimestamp sent) => _lastSenderReport = (sent.Compact, now);

    /// <summary>The block for the next report; counts the fraction lost from the one before.</summary>
    public ReportBlock TakeReport(TimeSpan now, uint ssrc)
    {
        var (expected, received) = (Expected - _expectedBefore, Received - _receivedBefore);
        (_expectedBefore, _receivedBefore) = (Expected, Received);
        var lost = expected - received;
        var fraction = expected > 0 && lost > 0 ? (byte)Math.Min(255, lost * 256 / expected) : (byte)0;
        var delay = _lastSenderReport is { } report ? (uint)Math.Min(uint.MaxValue, (now - report.Arrival).TotalSeconds * 65_536) : 0;
        return new ReportBlock(ssrc, fraction, (int)Math.Clamp(Expected - Received, int.MinValue, int.MaxValue), (uint)_highest, (uint)_jitter, _lastSenderReport?.Compact ?? 0, delay);
    }
}
