namespace P2PCam.WebRtc.Receiving;

/// <summary>
/// What the path to here can take, for REMB. Rises while nothing speaks against it, which lets a sender climb from its start rate; falls below
/// the rate that arrives as soon as packets queue up on the way, or many are lost. Senders that get transport-wide feedback estimate by
/// themselves and take this as an upper bound only, so it is rather too high than too low.
/// </summary>
internal sealed class BandwidthEstimate
{
    public const long Start = 1_200_000;
    public const long Least = 100_000;
    public const long Most = 20_000_000;
    private const double Backoff = 0.85;
    private const double ManyLost = 0.10;
    private const double SomeLost = 0.05;
    private static readonly TimeSpan UpdateInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Queue = TimeSpan.FromMilliseconds(45);
    private static readonly TimeSpan HoldAfterCongestion = TimeSpan.FromSeconds(1);
    private readonly QueueingDelay _delay = new();
    private readonly ReceiveRate _rate = new();
    private double _estimate = Start;
    private double _congestedAt;
    private double _loss;
    private TimeSpan _lastUpdate = TimeSpan.MinValue;
    private TimeSpan _holdUntil = TimeSpan.MinValue;
    private int _queued;

    public long BitsPerSecond => (long)_estimate;

    public long GetReceivedRate(TimeSpan now) => _rate.Get(now);

    /// <summary>Counts a packet of any stream of the transport.</summary>
    public void OnPacket(TimeSpan now, int bytes, uint? sendTime)
    {
        _rate.Add(now, bytes);
        if (sendTime is { } sent)
        {
            _delay.OnPacket(now, sent);
        }

        if (_lastUpdate == TimeSpan.MinValue)
        {
            _lastUpdate = now;
        }
        else if (now - _lastUpdate >= UpdateInterval)
        {
            Update(now, now - _lastUpdate);
            _lastUpdate = now;
        }
    }

    /// <summary>Takes the share of packets lost since the last report, before any was sent again.</summary>
    public void OnLoss(TimeSpan now, double loss)
    {
        _loss = loss;
        if (loss > ManyLost)
        {
            var received = _rate.Get(now);
            var bounded = Math.Min(_estimate, 1.2 * received);
            BackOff(now, Math.Max(bounded * (1 - (loss / 2)), received / 2.0), received);
        }
    }

    private void Update(TimeSpan now, TimeSpan elapsed)
    {
        // Twice in a row, so that one stalled turn of the sender's or of this machine is not taken for a queue.
        var queue = _delay.Take();
        _queued = queue > Queue ? _queued + 1 : 0;
        if (_queued >= 2)
        {
            var received = _rate.Get(now);
            BackOff(now, Backoff * received, received);
        }
        else if (now >= _holdUntil && _queued == 0 && _loss <= SomeLost)
        {
            // Near the rate that once was too much it goes slowly.
            var isNear = _congestedAt > 0 && _estimate > 0.7 * _congestedAt && _estimate < 1.5 * _congestedAt;
            Set(_estimate * Math.Pow(isNear ? 1.08 : 1.5, Math.Min(elapsed.TotalSeconds, 1)));
        }
    }

    private void BackOff(TimeSpan now, double target, long received)
    {
        Set(Math.Min(_estimate, target));
        _congestedAt = received;
        _holdUntil = now + HoldAfterCongestion;
    }

    private void Set(double estimate) => _estimate = Math.Clamp(estimate, Least, Most);
}
