using System.Buffers;
using System.Runtime.InteropServices;
using P2PCam.WebRtc.Receiving.Payloads;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Receiving;

/// <summary>
/// Puts frames together from buffered packets, in order. A frame is the run of packets from one that starts it to the one with the marker,
/// all of one timestamp; where a codec's markers are not to be relied on, to the one before another timestamp. After a loss that nobody
/// repairs
/// it skips to a complete key frame.
/// </summary>
internal sealed class FrameAssembler(PacketBuffer packets, PayloadReaders readers)
{
    private const int MaxFrameBytes = 16 * 1024 * 1024;
    private long _next = -1;
    private uint _lastTimestamp;
    private bool _distrustsMarkers;

    private enum Outcome
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
    public void Abandon()
    {
        NeedsKeyFrame = true;
        _distrustsMarkers = false;
    }

    /// <summary>Starts over with another stream.</summary>
    public void Reset()
    {
        _next = -1;
        NeedsKeyFrame = true;
        _distrustsMarkers = false;
    }

    /// <summary>Assembles the next frame if all of its packets are here.</summary>
    public bool TryAssemble(TimeSpan now, long highest, out ReceivedFrame frame)
    {
        frame = default;
        while (!NeedsKeyFrame)
        {
            SkipPadding();
            switch (Measure(_next, out var run))
            {
                case Outcome.Complete when ContinuesLastPicture(run):
                    // The marker in the middle of a picture was none. From here on only the timestamp counts.
                    NeedsKeyFrame = _distrustsMarkers = true;
                    break;
                case Outcome.Complete when run.Is(PayloadFlags.Picture):
                    frame = Take(now, run);
                    return true;
                case Outcome.Complete:
                    // Nothing to show, such as parameter sets by themselves, which the reader has seen.
                    Release(run.Start, run.End);
                    _next = run.End;
                    continue;
                case Outcome.Broken:
                    Abandon();
                    break;
            }

            break;
        }

        return TryAssembleKeyFrame(now, highest, out frame);
    }

    // A complete key frame further on makes what is missing before it irrelevant.
    private bool TryAssembleKeyFrame(TimeSpan now, long highest, out ReceivedFrame frame)
    {
        var oldest = Math.Max(_next, highest - PacketBuffer.Capacity + 1);
        for (var start = oldest; start <= highest; start++)
        {
            if (packets.Contains(start) && packets.Get(start).Is(PayloadFlags.KeyFrameStart)
                && Measure(start, out var run) == Outcome.Complete && run.Is(PayloadFlags.KeyPicture))
            {
                Release(oldest, start);
                NeedsKeyFrame = false;
                frame = Take(now, run);
                return true;
            }
        }

        frame = default;
        return false;
    }

    private void SkipPadding()
    {
        for (; packets.Contains(_next) && packets.Get(_next).Is(PayloadFlags.Padding); _next++)
        {
            packets.Remove(_next);
        }
    }

    private Outcome Measure(long start, out Run run)
    {
        run = new Run { Start = start, End = start };
        if (!packets.Contains(start))
        {
            return Outcome.Incomplete;
        }

        ref readonly var first = ref packets.Get(start);
        if (!first.Is(PayloadFlags.FrameStart))
        {
            return Outcome.Broken;
        }

        var endsWithTimestamp = readers.Of(first.Codec).EndsWithTimestamp;
        for (; packets.Contains(run.End); run.End++)
        {
            ref readonly var packet = ref packets.Get(run.End);
            if (packet.Is(PayloadFlags.Padding))
            {
                continue;
            }

            if (packet.Timestamp != first.Timestamp && endsWithTimestamp && run.Count > 0)
            {
                return Outcome.Complete;
            }

            run.Count++;
            run.Size += packet.OutputLength;
            run.Flags |= packet.Flags;
            if (packet.Is(PayloadFlags.Unusable) || packet.Timestamp != first.Timestamp || packet.Codec != first.Codec || run.Size > MaxFrameBytes)
            {
                return Outcome.Broken;
            }

            if (packet.Marker && !(endsWithTimestamp && _distrustsMarkers))
            {
                run.End++;
                return Outcome.Complete;
            }
        }

        return Outcome.Incomplete;
    }

    private bool ContinuesLastPicture(in Run run)
    {
        ref readonly var first = ref packets.Get(run.Start);
        return first.Codec == RtpVideoCodec.H264 && first.Timestamp == _lastTimestamp
            && run.Is(PayloadFlags.Picture) && !run.Is(PayloadFlags.PictureStart);
    }

    private ReceivedFrame Take(TimeSpan now, in Run run)
    {
        ref readonly var first = ref packets.Get(run.Start);
        var frame = new ReceivedFrame(null!, 0, first.Timestamp, run.Is(PayloadFlags.KeyPicture), now) { Codec = first.Codec };
        var reader = readers.Of(first.Codec);
        var preamble = reader.GetPreamble(run.Flags);
        var size = preamble.Length + run.Size;
        var count = reader.KeepsPayloads ? run.Count : 0;
        var buffer = ArrayPool<byte>.Shared.Rent(ReceivedFrame.SizesOffset(size) + (sizeof(ushort) * count));
        var sizes = MemoryMarshal.Cast<byte, ushort>(buffer.AsSpan(ReceivedFrame.SizesOffset(size), sizeof(ushort) * count));
        preamble.CopyTo(buffer);
        var (offset, payload) = (preamble.Length, 0);
        for (var i = run.Start; i < run.End; i++)
        {
            ref readonly var packet = ref packets.Get(i);
            if (packet.Is(PayloadFlags.Padding))
            {
                continue;
            }

            var length = reader.Write(packet.Data.AsSpan(0, packet.Length), buffer.AsSpan(offset));
            offset += length;
            if (count > 0)
            {
                sizes[payload++] = (ushort)length;
            }
        }

        Release(run.Start, run.End);
        (_next, _lastTimestamp) = (run.End, frame.RtpTimestamp);
        return frame with { Buffer = buffer, Length = size, PayloadCount = count };
    }

    private void Release(long first, long end)
    {
        for (var i = Math.Max(first, 0); i < end; i++)
        {
            packets.Remove(i);
        }
    }

    /// <summary>Packets that make a frame.</summary>
    private struct Run
    {
        public long Start;
        public long End;
        public int Count;
        public int Size;
        public PayloadFlags Flags;

        public readonly bool Is(PayloadFlags flag) => (Flags & flag) != 0;
    }
}
