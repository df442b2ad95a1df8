namespace P2PCam.WebRtc.Ice;

/// <summary>A ring of fixed capacity. When it is full the oldest item makes room, since the newest tells most.</summary>
internal sealed class BoundedQueue<T>(int capacity)
{
    private readonly T[] _items = new T[capacity];
    private int _head;

    public int Count { get; private set; }

    /// <summary>False if the oldest item had to go.</summary>
    public bool Enqueue(in T item)
    {
        var fits = Count < _items.Length;
        if (!fits)
        {
            _head = (_head + 1) % _items.Length;
            Count--;
        }

        _items[(_head + Count++) % _items.Length] = item;
        return fits;
    }

    public bool TryDequeue(out T item)
    {
        if (Count == 0)
        {
            item = default!;
            return false;
        }

        item = _items[_head];
        _items[_head] = default!;
        _head = (_head + 1) % _items.Length;
        Count--;
        return true;
    }

    public void Clear()
    {
        Array.Clear(_items);
        Count = 0;
    }
}
