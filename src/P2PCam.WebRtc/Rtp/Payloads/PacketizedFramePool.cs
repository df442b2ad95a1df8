namespace P2PCam.WebRtc.Rtp.Payloads;

/// <summary>
/// Keeps released frames with their buffers for the next ones. Any thread may give a frame back: the slots change hands
/// by atomic exchange, so there is no lock. What finds no free slot is left to the garbage collector.
/// </summary>
internal sealed class PacketizedFramePool(int capacity = PacketizedFramePool.DefaultCapacity)
{
    /// <summary>
    /// As many as all viewers together can hold: the 256 of a history and those that wait for the slowest. After a pause of the whole
    /// process a history gives back all it has at once; what would not fit then would have to be made again.
    /// </summary>
    public const int DefaultCapacity = 256 + 32;

    private readonly PacketizedFrame?[] _slots = new PacketizedFrame?[capacity];

    /// <summary>
    /// A frame with one reference, its shape still to be set: the one with the smallest buffer that suffices, or else a new one.
    /// Inter frames so leave the few large buffers to key frames, and no small buffer is grown for a key frame's sake.
    /// </summary>
    /// <param name="size">Bytes that it will hold.</param>
    public PacketizedFrame Rent(int size)
    {
        var frame = TakeBest(size) ?? new PacketizedFrame(this);
        frame.Reuse();
        return frame;
    }

    internal void Return(PacketizedFrame frame)
    {
        var smallest = 0;
        var smallestCapacity = int.MaxValue;
        for (var i = 0; i < _slots.Length; i++)
        {
            var other = Volatile.Read(ref _slots[i]);
            if (other is null && Interlocked.CompareExchange(ref _slots[i], frame, null) is null)
            {
                return;
            }

            if (other?.Capacity < smallestCapacity)
            {
                (smallest, smallestCapacity) = (i, other.Capacity);
            }
        }

        // All slots are taken: the larger buffer is worth more, or frames that grow would be allocated for ever.
        if (smallestCapacity < frame.Capacity)
        {
            Volatile.Write(ref _slots[smallest], frame);
        }
    }

    private PacketizedFrame? TakeBest(int size)
    {
        var best = -1;
        var bestCapacity = int.MaxValue;
        for (var i = 0; i < _slots.Length; i++)
        {
            if (Volatile.Read(ref _slots[i])?.Capacity is { } capacity && capacity >= size && capacity < bestCapacity)
            {
                (best, bestCapacity) = (i, capacity);
            }
        }

        // Somebody else may have been faster; then what lies there now, or a new frame, does as well.
        return best < 0 ? null : Interlocked.Exchange(ref _slots[best], null);
    }
}
