namespace P2PCam.WebRtc.Srtp;

/// <summary>
/// State per SSRC, a bounded number of them. Nothing is ever dropped: forgetting a source would start its indices again under the
/// same key. A peer that needs more sources needs a new key.
/// </summary>
internal sealed class SourceTable<T>
    where T : class
{
    public const int Capacity = 64;
    private readonly uint[] _ssrcs = new uint[Capacity];
    private readonly T?[] _states = new T?[Capacity];
    private int _last;

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    public T? Find(uint ssrc)
    {
        if (Count > 0 && _ssrcs[_last] == ssrc)
        {
            return _states[_last];
        }

        var at = _ssrcs.AsSpan(0, Count).IndexOf(ssrc);
        if (at < 0)
        {
            return null;
        }

        _last = at;
        return _states[at];
    }

    public void Add(uint ssrc, T state)
    {
        _ssrcs[Count] = ssrc;
        _states[Count] = state;
        _last = Count++;
    }
}
