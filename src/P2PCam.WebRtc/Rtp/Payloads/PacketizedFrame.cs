namespace P2PCam.WebRtc.Rtp.Payloads;

/// <summary>
/// One encoded frame cut into RTP payloads, shared by every viewer that it is sent to. The payloads lie side by side in one buffer. Where the
/// codec leaves the choice they are of one size (the last may be shorter).
/// Counts its users: starts with one, and the last <see cref="Release"/> gives it back to its pool. The counting may happen on
/// any thread; the content does not change while anyone holds a reference.
/// </summary>
internal sealed class PacketizedFrame
{
    private readonly PacketizedFramePool _pool;
    private byte[] _buffer = [];
    private int _references;
    private int[] _ends = [];
    private bool _isEven;

    internal PacketizedFrame(PacketizedFramePool pool) => _pool = pool;

    public int PacketCount { get; private set; }

    public RtpVideoCodec Codec { get; private set; }

    /// <summary>Bytes of every payload but the last; of the largest where they differ.</summary>
    public int PayloadSize { get; private set; }

    public int LastPayloadSize { get; private set; }

    public int TotalSize { get; private set; }

    public uint RtpTimestamp { get; private set; }

    public bool IsKeyFrame { get; private set; }

    public TimeSpan CaptureTime { get; private set; }

    /// <summary>Counts frames, from 0, in the order they were packetized.</summary>
    public long Sequence { get; private set; }

    /// <summary>The payload of packet <paramref name="index"/>. The last packet is the one to carry the marker bit.</summary>
    public ReadOnlySpan<byte> GetPayload(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)PacketCount, nameof(index));
        if (_isEven)
        {
            return _buffer.AsSpan(index * PayloadSize, index == PacketCount - 1 ? LastPayloadSize : PayloadSize);
        }

        var start = index == 0 ? 0 : _ends[index - 1];
        return _buffer.AsSpan(start, _ends[index] - start);
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
        (PacketCount, PayloadSize, LastPayloadSize, _isEven) = (packetCount, payloadSize, lastPayloadSize, true);
        return Begin((payloadSize * (packetCount - 1)) + lastPayloadSize, stamp);
    }

    /// <summary>Sets a shape of payloads that differ and hands out the buffer: they are to be written one behind the other.</summary>
    internal Span<byte> Begin(ReadOnlySpan<ushort> sizes, in FrameStamp stamp)
    {
        if (_ends.Length < sizes.Length)
        {
            _ends = new int[sizes.Length + (sizes.Length / 2)];
        }

        var (end, largest) = (0, 0);
        for (var i = 0; i < sizes.Length; i++)
        {
            _ends[i] = end += sizes[i];
            largest = Math.Max(largest, sizes[i]);
        }

        (PacketCount, PayloadSize, LastPayloadSize, _isEven) = (sizes.Length, largest, sizes[^1], false);
        return Begin(end, stamp);
    }

    private Span<byte> Begin(int totalSize, in FrameStamp stamp)
    {
        TotalSize = totalSize;
        (RtpTimestamp, IsKeyFrame, CaptureTime) = (stamp.RtpTimestamp, stamp.IsKeyFrame, stamp.CaptureTime);
        (Sequence, Codec) = (stamp.Sequence, stamp.Codec);
        if (_buffer.Length < totalSize)
        {
            // Half as much again, so that slowly growing frames settle instead of allocating each time.
            _buffer = GC.AllocateUninitializedArray<byte>(totalSize + (totalSize / 2));
        }

        return _buffer.AsSpan(0, totalSize);
    }
}

/// <summary>What a frame carries besides its payloads.</summary>
internal readonly record struct FrameStamp(
    uint RtpTimestamp, bool IsKeyFrame, TimeSpan CaptureTime, long Sequence, RtpVideoCodec Codec = RtpVideoCodec.Vp8);
