namespace P2PCam.Viewing;

/// <summary>Doubling waits with jitter, so that the viewers of a camera that restarts do not all come in the same moment; reset by success.</summary>
internal sealed class RetryDelays(TimeSpan first, TimeSpan longest)
{
    private const double Jitter = 0.25;
    private readonly TimeSpan _first = first;
    private TimeSpan _next = first;

    public TimeSpan Longest { get; } = first > longest ? first : longest;

    public TimeSpan Next()
    {
        var current = _next;
        _next = current * 2 < Longest ? current * 2 : Longest;
        return current * (1 - Jitter + (2 * Jitter * Random.Shared.NextDouble()));
    }

    public void Reset() => _next = _first;
}
