using System.Buffers.Binary;

namespace P2PCam.WebRtc.Rtp.Payloads;

/// <summary>
/// Cuts H.264 access units in Annex B form into RTP payloads (RFC 6184, packetization mode 1): NAL units that fit go by themselves or, where
/// several fit together, as STAP-A; larger ones as FU-A in equal shares. Each key frame has parameter sets in front: its own, or those that
/// came last. Access unit delimiters and filler are left out. One encoder's frames go through one packetizer; not for use by two threads.
/// </summary>
internal sealed class H264Packetizer : IFramePacketizer
{
    private const int FuHeader = 2;
    private const int SizeField = 2;
    private readonly PacketizedFramePool _pool;
    private readonly int _maxPayloadSize;
    private readonly H264ParameterSets _parameterSets = new();
    private Segment[] _nals = new Segment[8];
    private ushort[] _sizes = new ushort[64];
    private int _nalCount;
    private int _packetCount;
    private long _sequence;

    /// <param name="maxPayloadSize">The most bytes of an RTP payload.</param>
    /// <param name="pool">Where frames come from and go back to; by default one of its own.</param>
    public H264Packetizer(int maxPayloadSize = RtpPacketLimits.DefaultMaxPayload, PacketizedFramePool? pool = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPayloadSize, 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxPayloadSize, RtpPacketLimits.MaxForwardedPayload);
        _maxPayloadSize = maxPayloadSize;
        _pool = pool ?? new PacketizedFramePool();
    }

    public RtpVideoCodec Codec => RtpVideoCodec.H264;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The frame has no NAL unit that could be sent.</exception>
    public PacketizedFrame Packetize(ReadOnlySpan<byte> frame, in FrameInfo info)
    {
        var found = FindNals(frame);
        var isKeyFrame = info.IsKeyFrame || found.HasIdr;
        if (_nalCount == 0)
        {
            throw new ArgumentException("The frame has no NAL unit; an access unit in Annex B form, with start codes, is what can be sent.", nameof(frame));
        }

        // Remembered sets are Annex B already; the frame's own are among them.
        var preamble = isKeyFrame && !found.HasParameters ? _parameterSets.AnnexB : default;
        if (!preamble.IsEmpty)
        {
            PrependNals(preamble);
        }

        Plan();
        var total = 0;
        foreach (var size in _sizes.AsSpan(0, _packetCount))
        {
            total += size;
        }

        var packetized = _pool.Rent(total);
        var stamp = new FrameStamp(info.RtpTimestamp, isKeyFrame, info.CaptureTime, _sequence++, Codec);
        Write(frame, preamble, packetized.Begin(_sizes.AsSpan(0, _packetCount), stamp));
        return packetized;
    }

    private (bool HasIdr, bool HasParameters) FindNals(ReadOnlySpan<byte> frame)
    {
        _nalCount = 0;
        var (hasIdr, hasSequence, hasPicture) = (false, false, false);
        var rest = frame;
        while (H264Nal.TryTake(ref rest, out var nal))
        {
            var type = H264Nal.Type(nal[0]);
            if (!H264Nal.IsWorthSending(type))
            {
                continue;
            }

            hasIdr |= type == H264Nal.IdrSlice;
            hasSequence |= type == H264Nal.SequenceParameterSet;
            hasPicture |= type == H264Nal.PictureParameterSet;
            _parameterSets.Remember(nal);
            AddNal(new Segment(frame.Length - rest.Length, nal.Length, nal[0], IsPreamble: false));
        }

        return (hasIdr, hasSequence && hasPicture);
    }

    private void PrependNals(ReadOnlySpan<byte> preamble)
    {
        var own = _nalCount;
        var rest = preamble;
        while (H264Nal.TryTake(ref rest, out var nal))
        {
            AddNal(new Segment(preamble.Length - rest.Length, nal.Length, nal[0], IsPreamble: true));
        }

        // What was added behind goes to the front.
        var nals = _nals.AsSpan(0, _nalCount);
        nals[..own].Reverse();
        nals[own..].Reverse();
        nals.Reverse();
    }

    private void AddNal(in Segment nal)
    {
        if (_nalCount == _nals.Length)
        {
            Array.Resize(ref _nals, 2 * _nals.Length);
        }

        _nals[_nalCount++] = nal;
    }

    private void Plan()
    {
        _packetCount = 0;
        for (var i = 0; i < _nalCount;)
        {
            var count = CountTogether(i, out var size);
            if (size <= _maxPayloadSize)
            {
                AddPacket(size);
            }
            else
            {
                var body = _nals[i].Length - 1;
                var share = Share(body);
                for (; body > 0; body -= share)
                {
                    AddPacket(FuHeader + Math.Min(body, share));
                }
            }

            i += count;
        }
    }

    private void AddPacket(int size)
    {
        if (_packetCount == _sizes.Length)
        {
            Array.Resize(ref _sizes, 2 * _sizes.Length);
        }

        _sizes[_packetCount++] = (ushort)size;
    }

    /// <summary>How many NAL units from here on share a packet, and the size of its payload.</summary>
    private int CountTogether(int first, out int size)
    {
        size = _nals[first].Length;
        var aggregate = 1 + SizeField + size;
        var count = 1;
        for (; first + count < _nalCount && aggregate + SizeField + _nals[first + count].Length <= _maxPayloadSize; count++)
        {
            aggregate += SizeField + _nals[first + count].Length;
        }

        size = count > 1 ? aggregate : size;
        return count;
    }

    private int Share(int body)
    {
        var room = _maxPayloadSize - FuHeader;
        var count = (body + room - 1) / room;
        return (body + count - 1) / count;
    }

    private void Write(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> preamble, Span<byte> target)
    {
        for (var i = 0; i < _nalCount;)
        {
            var count = CountTogether(i, out var size);
            var nal = _nals[i].In(frame, preamble);
            if (count > 1)
            {
                WriteAggregate(_nals.AsSpan(i, count), frame, preamble, target);
                target = target[size..];
            }
            else if (size <= _maxPayloadSize)
            {
                nal.CopyTo(target);
                target = target[size..];
            }
            else
            {
                target = WriteFragments(nal, target);
            }

            i += count;
        }
    }

    private static void WriteAggregate(ReadOnlySpan<Segment> nals, ReadOnlySpan<byte> frame, ReadOnlySpan<byte> preamble, Span<byte> target)
    {
        var (at, importance) = (1, 0);
        foreach (ref readonly var nal in nals)
        {
            BinaryPrimitives.WriteUInt16BigEndian(target[at..], (ushort)nal.Length);
            nal.In(frame, preamble).CopyTo(target[(at + SizeField)..]);
            at += SizeField + nal.Length;
            importance = Math.Max(importance, H264Nal.ReferenceBits(nal.Header));
        }

        target[0] = (byte)(importance | H264Nal.StapA);
    }

    private Span<byte> WriteFragments(ReadOnlySpan<byte> nal, Span<byte> target)
    {
        var indicator = (byte)(H264Nal.ReferenceBits(nal[0]) | H264Nal.FuA);
        var type = H264Nal.Type(nal[0]);
        var body = nal[1..];
        var share = Share(body.Length);
        for (var start = 0x80; !body.IsEmpty; start = 0)
        {
            var size = Math.Min(share, body.Length);
            var end = size == body.Length ? 0x40 : 0;
            target[0] = indicator;
            target[1] = (byte)(start | end | type);
            body[..size].CopyTo(target[FuHeader..]);
            body = body[size..];
            target = target[(FuHeader + size)..];
        }

        return target;
    }

    /// <summary>Where a NAL unit lies.</summary>
    private readonly record struct Segment(int Offset, int Length, byte Header, bool IsPreamble)
    {
        public ReadOnlySpan<byte> In(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> preamble) => (IsPreamble ? preamble : frame).Slice(Offset, Length);
    }
}
