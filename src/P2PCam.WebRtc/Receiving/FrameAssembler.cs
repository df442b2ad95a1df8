using System.Buffers;

namespace P2PCam.WebRtc.Receiving;

/// <summary>
/// Puts frames together from buffered packets, in order. A frame is the run of packets from one that starts it to the one with the marker,
/// all of one timestamp. After a loss that nobody repairs it skips to a complete key frame.
/// </summary>
internal sealed class FrameAssembler(PacketBuffer packets)
{
    private const int MaxFrameBytes = 16 * 1024 * 1024;
    private long _next = -1;

    private enum Run
    {
        Incomplete,
        Complete,

        /// <summary>All that is here will never make a frame, whatever still comes.</summary>
        Broken,
    }

    /// <summary>Whether nothing can be delivered before a key frame.</summary>
    public bool NeedsKeyFrame { get; private set; } = true;

    /// <summary>The first sequence number that has not been delivered or skipped; -1 before the first key frame. What is older has no use any more.</summary>
    public long Next => _next;

    /// <summary>Gives up what is missing: only a key frame helps.</summary>
    public void Abandon() => NeedsKeyFrame = true;

    /// <summary>Starts over with another stream.</summary>
    public void Reset()
    {
        _next = -1;
        NeedsKeyFrame = true;
    }

    /// <summary>Assembles the next frame if all of its packets are here.</summary>
    public bool TryAssemble(TimeSpan now, long highest, out ReceivedFrame frame)
    {
        frame = default;
        if (!NeedsKeyFrame)
        {
            SkipPadding();
            switch (Measure(_next, out var end, out var size))
            {
                case Run.Complete:
                    frame = Take(now, _next, end, size);
                    return true;
                case Run.Broken:
                    Abandon();
                    break;
            }
        }

        return TryAssembleKeyFrame(now, highest, out frame);
    }

    // A complete key frame further on makes what is missing before it irrelevant.
    private bool TryAssembleKeyFrame(TimeSpan now, long highest, out ReceivedFrame frame)
    {
        var oldest = Math.Max(_next, highest - PacketBuffer.Capacity + 1);
        for (var start = oldest; start <= highest; start++)
        {
            if (packets.Contains(start) && packets.Get(start).IsKeyFrameStart && Measure(start, out var end, out var size) == Run.Complete)
            {
                Release(oldest, start);
                NeedsKeyFrame = false;
                frame = Take(now, start, end, size);
                return true;
            }
        }

        frame = default;
        return false;
    }

    private void SkipPadding()
    {
        for (; packets.Contains(_next) && packets.Get(_next).IsPadding; _next++)
        {
            packets.Remove(_next);
        }
    }

    private Run Measure(long start, out long end, out int size)
    {
        (end, size) = (start, 0);
        if (!packets.Contains(start))
        {
            return Run.Incomplete;
        }

        if (!packets.Get(start).IsFrameStart)
        {
            return Run.Broken;
        }

        var timestamp = packets.Get(start).Timestamp;
        for (; packets.Contains(end); end++)
        {
            ref readonly var packet = ref packets.Get(end);
            if (packet.IsPadding)
            {
                continue;
            }

            size += packet.Length;
            if (packet.IsUnusable || packet.Timestamp != timestamp || size > MaxFrameBytes)
            {
                return Run.Broken;
            }

            if (packet.Marker)
            {
                end++;
                return Run.Complete;
            }
        }

        return Run.Incomplete;
    }

    private ReceivedFrame Take(TimeSpan now, long start, long end, int size)
    {
        var (timestamp, isKeyFrame) = (packets.Get(start).Timestamp, packets.Get(start).IsKeyFrameStart);
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        var offset = 0;
        for (var i = start; i < end; i++)
        {
            packets.Get(i).Data.AsSpan(0, packets.Get(i).Length).CopyTo(buffer.AsSpan(offset));
            offset += packets.Get(i).Length;
        }

        Release(start, end);
        _next = end;
        return new ReceivedFrame(buffer, size, timestamp, isKeyFrame, now);
    }

    private void Release(long first, long end)
    {
        for (var i = Math.Max(first, 0); i < end; i++)
        {
            packets.Remove(i);
        }
    }
}
