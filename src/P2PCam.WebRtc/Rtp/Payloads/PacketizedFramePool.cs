namespace P2PCam.WebRtc.Rtp.Payloads;

/// <summary>
/// Keeps released frames with their buffers for the next ones. Any thread may give a frame back: the slots change hands
/// by atomic exchange, so there is no lock. What finds no free slot is left to the garbage collector.
/// </summary>
internal sealed class PacketizedFramePool(int capacity = PacketizedFramePool.DefaultCapacity)
{
    /// <summary>About a second of video at 30 fps, the time that frames are kept for retransmission.</summary>
    public const int DefaultCapacity = 32;

    private readonly PacketizedFrame?[] _slots = new PacketizedFrame?[capacity];

    /// <summary>A frame with one reference, empty until its shape is set.</summary>
    public PacketizedFrame Rent()
    {
        foreach (ref var slot in _slots.AsSpan())
        {
            if (Volatile.Read(ref slot) is not null && Interlocked.Exchange(ref slot, null) is { } frame)
            {
                frame.Reuse();
                return frame;
            }
        }

        var created = new PacketizedFrame(this);
        created.Reuse();
        return created;
    }

    internal void Return(PacketizedFrame frame)
    {
        foreach (ref var slot in _slots.AsSpan())
        {
            if (Volatile.Read(ref slot) is null && Interlocked.CompareExchange(ref slot, frame, null) is null)
            {
                return;
            }
        }
    }
}
