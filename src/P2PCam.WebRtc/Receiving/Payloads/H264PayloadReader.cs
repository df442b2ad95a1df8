using System.Buffers.Binary;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Receiving.Payloads;

/// <summary>
/// H.264 (RFC 6184 sections 5.6, 5.7.1 and 5.8): single NAL units, STAP-A and FU-A, made an access unit in Annex B form.
/// <code>
/// single:  | NAL unit |
/// STAP-A:  |F|NRI| 24 |  then for each: | size (2) | NAL unit |
/// FU-A:    |F|NRI| 28 |S|E|R| type |  then a part of the NAL unit behind its header
/// </code>
/// A key frame that comes without its parameter sets gets those that came before. NAL units that are empty, or of types without a meaning
/// (table 1), are
/// passed over, and so are stray bytes behind an aggregate: what is whole is taken. Parameter sets of the description count as seen.
/// </summary>
internal sealed class H264PayloadReader : IPayloadReader
{
    private const int FuHeader = 2;
    private readonly H264ParameterSets _parameterSets = new();

    /// <param name="formats">What their description gives of parameter sets need not come in packets.</param>
    public H264PayloadReader(IReadOnlyList<RtpFormat> formats)
    {
        foreach (var format in formats)
        {
            _parameterSets.RememberAll(format.ParameterSets);
        }
    }

    public bool KeepsPayloads => false;

    public bool EndsWithTimestamp => true;

    public bool TryRead(ReadOnlySpan<byte> payload, out PayloadFlags flags, out ReadOnlySpan<byte> data)
    {
        data = payload;
        flags = PayloadFlags.FrameStart;
        switch (H264Nal.Type(payload[0]))
        {
            case H264Nal.StapA:
                return TryReadAggregate(payload[1..], ref flags);
            case H264Nal.FuA:
                return TryReadFragment(payload, ref flags);
            case > 0 and < H264Nal.StapA:
                ReadNal(payload, ref flags);
                return true;
            case > 24 and < 30:
                // STAP-B, MTAPs and FU-B are of the interleaved mode, which is never agreed on.
                return false;
            default:
                data = default;
                return true;
        }
    }

    public int Measure(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return 0;
        }

        switch (H264Nal.Type(data[0]))
        {
            case H264Nal.StapA:
                var size = 0;
                for (var rest = data[1..]; TryTakeAggregated(ref rest, out var nal);)
                {
                    size += H264Nal.StartCode.Length + nal.Length;
                }

                return size;
            case H264Nal.FuA:
                return data.Length - FuHeader + (IsStart(data) ? H264Nal.StartCode.Length + 1 : 0);
            default:
                return H264Nal.StartCode.Length + data.Length;
        }
    }

    public int Write(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        if (data.IsEmpty)
        {
            return 0;
        }

        switch (H264Nal.Type(data[0]))
        {
            case H264Nal.StapA:
                var at = 0;
                for (var rest = data[1..]; TryTakeAggregated(ref rest, out var nal);)
                {
                    at += WriteNal(nal, destination[at..]);
                }

                return at;
            case H264Nal.FuA when IsStart(data):
                H264Nal.StartCode.CopyTo(destination);
                destination[4] = HeaderOfFragmented(data);
                data[FuHeader..].CopyTo(destination[5..]);
                return data.Length - FuHeader + 5;
            case H264Nal.FuA:
                data[FuHeader..].CopyTo(destination);
                return data.Length - FuHeader;
            default:
                return WriteNal(data, destination);
        }
    }

    public ReadOnlySpan<byte> GetPreamble(PayloadFlags frame)
    {
        const PayloadFlags Both = PayloadFlags.SequenceParameters | PayloadFlags.PictureParameters;
        return (frame & PayloadFlags.KeyPicture) != 0 && (frame & Both) != Both ? _parameterSets.AnnexB : default;
    }

    private static bool IsStart(ReadOnlySpan<byte> fragment) => (fragment[1] & 0x80) != 0;

    private static bool IsWhole(ReadOnlySpan<byte> fragment) => (fragment[1] & 0xC0) == 0xC0;

    private static byte HeaderOfFragmented(ReadOnlySpan<byte> fragment) => (byte)((fragment[0] & 0xE0) | (fragment[1] & 0x1F));

    /// <summary>
    /// The next NAL unit of an aggregate that can be one; false where no further one is whole, and what is left over is no part of
    /// anything.
    /// </summary>
    private static bool TryTakeAggregated(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> nal)
    {
        while (rest.Length >= 2 && BinaryPrimitives.ReadUInt16BigEndian(rest) is var size && size <= rest.Length - 2)
        {
            nal = rest.Slice(2, size);
            rest = rest[(2 + size)..];
            if (!nal.IsEmpty && H264Nal.Type(nal[0]) is > 0 and < H264Nal.StapA)
            {
                return true;
            }
        }

        nal = default;
        return false;
    }

    private static int WriteNal(ReadOnlySpan<byte> nal, Span<byte> destination)
    {
        H264Nal.StartCode.CopyTo(destination);
        nal.CopyTo(destination[H264Nal.StartCode.Length..]);
        return H264Nal.StartCode.Length + nal.Length;
    }

    private bool TryReadAggregate(ReadOnlySpan<byte> rest, ref PayloadFlags flags)
    {
        var any = false;
        while (TryTakeAggregated(ref rest, out var nal))
        {
            any = true;
            ReadNal(nal, ref flags);
        }

        // Units without bytes are no loss; one that is cut off is.
        return any || !rest.ContainsAnyExcept((byte)0);
    }

    private bool TryReadFragment(ReadOnlySpan<byte> payload, ref PayloadFlags flags)
    {
        // A last fragment may be empty; where start and end are set, which section 5.8 forbids and some senders do, it is a whole NAL unit.
        if (payload.Length < FuHeader || H264Nal.Type(payload[1]) is not (> 0 and < H264Nal.StapA and var type))
        {
            return false;
        }

        var isStart = IsStart(payload);
        flags = isStart ? PayloadFlags.FrameStart : PayloadFlags.None;
        switch (type)
        {
            case H264Nal.SequenceParameterSet or H264Nal.PictureParameterSet when isStart:
                ReadFragmentedSet(payload, ref flags);
                break;
            case H264Nal.SequenceParameterSet or H264Nal.PictureParameterSet:
                break;
            default:
                ReadPicture(type, isStart ? payload[FuHeader..] : default, ref flags);
                break;
        }

        return true;
    }

    private void ReadFragmentedSet(ReadOnlySpan<byte> payload, ref PayloadFlags flags)
    {
        Span<byte> nal = stackalloc byte[H264ParameterSets.MaxSetBytes];
        var length = payload.Length - FuHeader + 1;
        if (!IsWhole(payload) || length > nal.Length)
        {
            // It is in its frame all the same, only not remembered for those that come without.
            nal = nal[..1];
            length = 1;
        }

        nal[0] = HeaderOfFragmented(payload);
        payload.Slice(FuHeader, length - 1).CopyTo(nal[1..]);
        ReadNal(nal[..length], ref flags);
    }

    private void ReadNal(ReadOnlySpan<byte> nal, ref PayloadFlags flags)
    {
        var type = H264Nal.Type(nal[0]);
        switch (type)
        {
            case H264Nal.SequenceParameterSet:
                _parameterSets.Remember(nal);
                flags |= PayloadFlags.SequenceParameters | PayloadFlags.KeyFrameStart;
                break;
            case H264Nal.PictureParameterSet:
                _parameterSets.Remember(nal);
                flags |= PayloadFlags.PictureParameters;
                break;
            default:
                ReadPicture(type, nal[1..], ref flags);
                break;
        }
    }

    // A key frame may start with its first slice (first_mb_in_slice 0, ITU-T H.264 section 7.3.3) once there is something to put before it.
    private void ReadPicture(int type, ReadOnlySpan<byte> slice, ref PayloadFlags flags)
    {
        var isFirst = !slice.IsEmpty && (slice[0] & 0x80) != 0;
        flags |= H264Nal.IsPicture(type) ? PayloadFlags.Picture : PayloadFlags.None;
        flags |= H264Nal.IsPicture(type) && isFirst ? PayloadFlags.PictureStart : PayloadFlags.None;
        if (type == H264Nal.IdrSlice)
        {
            flags |= PayloadFlags.KeyPicture;
            flags |= isFirst && _parameterSets.IsComplete ? PayloadFlags.KeyFrameStart : PayloadFlags.None;
        }
    }
}
