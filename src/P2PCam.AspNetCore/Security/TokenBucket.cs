namespace P2PCam.AspNetCore.Security;

/// <summary>Allows <paramref name="perSecond"/> events on average and <paramref name="burst"/> at once. For one caller at a time.</summary>
internal sealed class TokenBucket(double perSecond, double burst, TimeProvider timeProvider)
{
    private readonly double _burst = burst;
    private double _tokens = burst;
    private long _filledAt = timeProvider.GetTimestamp();

    public bool TryTake()
    {
        var now = timeProvider.GetTimestamp();
        _tokens = Math.Min(_burst, _tokens + (timeProvider.GetElapsedTime(_filledAt, now).TotalSeconds * perSecond));
        _filledAt = now;
        if (_tokens < 1)
        {
            return false;
        }

        _tokens--;
        return true;
    }
}
