namespace P2PCam.Viewing;

/// <summary>The queues of those who read a viewer's frames at the moment.</summary>
internal sealed class Readers<TQueue>
    where TQueue : class, IDisposable
{
    private readonly Lock _gate = new();
    private volatile TQueue[] _all = [];

    /// <summary>A snapshot; may be enumerated without a lock.</summary>
    public IReadOnlyList<TQueue> All => _all;

    public void Add(TQueue queue)
    {
        lock (_gate)
        {
            _all = [.. _all, queue];
        }
    }

    public void Remove(TQueue queue)
    {
        lock (_gate)
        {
            _all = [.. _all.Where(other => !ReferenceEquals(other, queue))];
        }
    }
}
