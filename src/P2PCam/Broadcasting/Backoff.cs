namespace P2PCam.Broadcasting;

/// <summary>Doubling waits between attempts, reset by success.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest)
{
    private readonly TimeSpan _first = first;
    private TimeSpan _next = first;

    public TimeSpan Next()
    {
        var current = _next;
        _next = current * 2 < longest ? current * 2 : longest;
        return current;
    }

    public void Reset() => _next = _first;
}
