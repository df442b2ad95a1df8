namespace P2PCam.WebRtc.Rtp.Payloads;

/// <summary>
/// One encoded frame cut into RTP payloads, shared by every viewer that it is sent to.
/// The payloads are of one size (the last may be shorter) and lie side by side in one buffer.
/// Counts its users: starts with one, and the last <see cref="Release"/> gives it back to its pool. The counting may happen on
/// any thread; the content does not change while anyone holds a reference.
/// </summary>
internal sealed class PacketizedFrame
{
    private readonly PacketizedFramePool _pool;
    private byte[] _buffer = [];
    private int _references;

    internal PacketizedFrame(PacketizedFramePool pool) => _pool = pool;

    public int PacketCount { get; private set; }

    /// <summary>Bytes of every payload but the last.</summary>
    public int PayloadSize { get; private set; }

    public int LastPayloadSize { get; private set; }

    public int TotalSize => (PayloadSize * (PacketCount - 1)) + LastPayloadSize;

    public uint RtpTimestamp { get; private set; }

    public bool IsKeyFrame { get; private set; }

    public TimeSpan CaptureTime { get; private set; }

    /// <summary>Counts frames, from 0, in the order they were packetized.</summary>
    public long Sequence { get; private set; }

    /// <summary>The payload of packet <paramref name="index"/>. The last packet is the one to carry the marker bit.</summary>
    public ReadOnlySpan<byte> GetPayload(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)PacketCount, nameof(index));
        return _buffer.AsSpan(index * PayloadSize, index == PacketCount - 1 ? LastPayloadSize : PayloadSize);
    }

    /// <summary>Adds a user, who must call <see cref="Release"/> once.</summary>
    public void AddReference()
    {
        if (Interlocked.Increment(ref _references) <= 1)
        {
            Interlocked.Decrement(ref _references);
            throw new InvalidOperationException("The frame was released by its last user and may hold another picture by now.");
        }
    }

    public void Release()
    {
        var left = Interlocked.Decrement(ref _references);
        if (left == 0)
        {
            _pool.Return(this);
        }
        else if (left < 0)
        {
            Interlocked.Increment(ref _references);
            throw new InvalidOperationException("The frame was released more often than it was referenced.");
        }
    }

    /// <summary>Bytes that fit without a new buffer.</summary>
    internal int Capacity => _buffer.Length;

    internal void Reuse() => _references = 1;

    /// <summary>Sets the shape and hands out the buffer: payload i is to be written at i * <paramref name="payloadSize"/>.</summary>
    internal Span<byte> Begin(int packetCount, int payloadSize, int lastPayloadSize, in FrameStamp stamp)
    {
        (PacketCount, PayloadSize, LastPayloadSize) = (packetCount, payloadSize, lastPayloadSize);
        (RtpTimestamp, IsKeyFrame, CaptureTime, Sequence) = (stamp.RtpTimestamp, stamp.IsKeyFrame, stamp.CaptureTime, stamp.Sequence);
        if (_buffer.Length < TotalSize)
        {
            // Half as much again, so that slowly growing frames settle instead of allocating each time.
            _buffer = GC.AllocateUninitializedArray<byte>(TotalSize + (TotalSize / 2));
        }

        return _buffer.AsSpan(0, TotalSize);
    }
}

/// <summary>What a frame carries besides its payloads.</summary>
internal readonly record struct FrameStamp(uint RtpTimestamp, bool IsKeyFrame, TimeSpan CaptureTime, long Sequence);
