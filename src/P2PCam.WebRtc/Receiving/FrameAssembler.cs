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

    /// <summary>Whether nothing can be delivered before a key frame.</summary>
    public bool NeedsKeyFrame => _next < 0;

    /// <summary>The first sequence number that has not been delivered; -1 before the first key frame.</summary>
    public long Next => _next;

    /// <summary>Gives up what is missing: only a key frame helps.</summary>
    public void Abandon() => _next = -1;

    /// <summary>Assembles the next frame if all of its packets are here.</summary>
    public bool TryAssemble(TimeSpan now, long highest, out ReceivedFrame frame)
    {
        frame = default;
        if (_next >= 0 && TryAssembleAt(now, _next, out frame, out var end))
        {
            _next = end;
            return true;
        }

        // A complete key frame further on makes what is missing before it irrelevant.
        for (var start = Math.Max(_next, highest - PacketBuffer.Capacity + 1); start <= highest; start++)
        {
            if (packets.Contains(start) && packets.Get(start).IsKeyFrameStart && TryAssembleAt(now, start, out frame, out end))
            {
                Release(Math.Max(_next, highest - PacketBuffer.Capacity + 1), start);
                _next = end;
                return true;
            }
        }

        return false;
    }

    private bool TryAssembleAt(TimeSpan now, long start, out ReceivedFrame frame, out long end)
    {
        (frame, end) = (default, start);
        if (!packets.Contains(start) || !packets.Get(start).IsFrameStart)
        {
            return false;
        }

        var timestamp = packets.Get(start).Timestamp;
        var isKeyFrame = packets.Get(start).IsKeyFrameStart;
        var size = 0;
        for (; ; end++)
        {
            if (!packets.Contains(end) || packets.Get(end).Timestamp != timestamp)
            {
                return false;
            }

            size += packets.Get(end).Length;
            if (packets.Get(end).Marker)
            {
                end++;
                break;
            }
        }

        if (size > MaxFrameBytes)
        {
            return false;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(size);
        var offset = 0;
        for (var i = start; i < end; i++)
        {
            packets.Get(i).Data.AsSpan(0, packets.Get(i).Length).CopyTo(buffer.AsSpan(offset));
            offset += packets.Get(i).Length;
        }

        Release(start, end);
        frame = new ReceivedFrame(buffer, size, timestamp, isKeyFrame, now);
        return true;
    }

    private void Release(long first, long end)
    {
        for (var i = Math.Max(first, 0); i < end; i++)
        {
            packets.Remove(i);
        }
    }
}
