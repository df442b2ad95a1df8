using System.Collections.Concurrent;

namespace P2PCam.Broadcasting;

/// <summary>The viewers of one broadcaster, by id, and how many of them can see pictures.</summary>
internal sealed class ViewerRegistry
{
    private readonly ConcurrentDictionary<string, ViewerSession> _viewers = new(StringComparer.Ordinal);
    private int _connected;

    public int Count => _viewers.Count;

    public int ConnectedCount => Volatile.Read(ref _connected);

    public bool AnyConnected => ConnectedCount > 0;

    /// <summary>Called after the number of connected viewers changed.</summary>
    public Action? ConnectedChanged { get; set; }

    public IEnumerable<ViewerSession> All => _viewers.Values;

    public ViewerSession? Find(string id) => _viewers.GetValueOrDefault(id);

    public void Add(ViewerSession viewer) => _viewers[viewer.Id] = viewer;

    /// <summary>Removes this very viewer, not one that has taken its id since.</summary>
    public bool Remove(ViewerSession viewer)
    {
        var removed = _viewers.TryRemove(new KeyValuePair<string, ViewerSession>(viewer.Id, viewer));
        SetState(viewer, ViewerConnectionState.Closed);
        return removed;
    }

    public void SetState(ViewerSession viewer, ViewerConnectionState state)
    {
        var (was, isNow) = (Counts(viewer.State), Counts(state));
        viewer.State = state;
        if (was != isNow)
        {
            Interlocked.Add(ref _connected, isNow ? 1 : -1);
            ConnectedChanged?.Invoke();
        }
    }

    private static bool Counts(ViewerConnectionState state) => state is ViewerConnectionState.Connected or ViewerConnectionState.Disconnected;
}
