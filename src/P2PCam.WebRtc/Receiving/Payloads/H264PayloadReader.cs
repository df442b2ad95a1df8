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
/// A key frame that comes without its parameter sets gets those that came before.
/// </summary>
internal sealed class H264PayloadReader : IPayloadReader
{
    private const int FuHeader = 2;
    private readonly H264ParameterSets _parameterSets = new();

    public bool KeepsPayloads => false;

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
            default:
                // STAP-B, MTAPs and FU-B are of the interleaved mode, which is never agreed on.
                return false;
        }
    }

    public int Measure(ReadOnlySpan<byte> data)
    {
        switch (H264Nal.Type(data[0]))
        {
            case H264Nal.StapA:
                var size = 0;
                for (var rest = data[1..]; !rest.IsEmpty; rest = rest[(2 + Size(rest))..])
                {
                    size += H264Nal.StartCode.Length + Size(rest);
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
        switch (H264Nal.Type(data[0]))
        {
            case H264Nal.StapA:
                var at = 0;
                for (var rest = data[1..]; !rest.IsEmpty; rest = rest[(2 + Size(rest))..])
                {
                    at += WriteNal(rest.Slice(2, Size(rest)), destination[at..]);
                }

                return at;
            case H264Nal.FuA when IsStart(data):
                H264Nal.StartCode.CopyTo(destination);
                destination[4] = (byte)((data[0] & 0xE0) | (data[1] & 0x1F));
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

    private static int Size(ReadOnlySpan<byte> element) => BinaryPrimitives.ReadUInt16BigEndian(element);

    private static int WriteNal(ReadOnlySpan<byte> nal, Span<byte> destination)
    {
        H264Nal.StartCode.CopyTo(destination);
        nal.CopyTo(destination[H264Nal.StartCode.Length..]);
        return H264Nal.StartCode.Length + nal.Length;
    }

    private bool TryReadAggregate(ReadOnlySpan<byte> rest, ref PayloadFlags flags)
    {
        for (var check = rest; !check.IsEmpty; check = check[(2 + Size(check))..])
        {
            if (check.Length < 3 || Size(check) == 0 || check.Length < 2 + Size(check) || H264Nal.Type(check[2]) >= H264Nal.StapA)
            {
                return false;
            }
        }

        if (rest.IsEmpty)
        {
            return false;
        }

        for (; !rest.IsEmpty; rest = rest[(2 + Size(rest))..])
        {
            ReadNal(rest.Slice(2, Size(rest)), ref flags);
        }

        return true;
    }

    private bool TryReadFragment(ReadOnlySpan<byte> payload, ref PayloadFlags flags)
    {
        if (payload.Length <= FuHeader || (payload[1] & 0xC0) == 0xC0)
        {
            return false;
        }

        var type = H264Nal.Type(payload[1]);
        flags = IsStart(payload) ? PayloadFlags.FrameStart : PayloadFlags.None;
        ReadPicture(type, IsStart(payload) ? payload[FuHeader..] : default, ref flags);
        return type is > 0 and < H264Nal.StapA;
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
        flags |= H264Nal.IsPicture(type) ? PayloadFlags.Picture : PayloadFlags.None;
        if (type == H264Nal.IdrSlice)
        {
            flags |= PayloadFlags.KeyPicture;
            flags |= !slice.IsEmpty && (slice[0] & 0x80) != 0 && _parameterSets.IsComplete ? PayloadFlags.KeyFrameStart : PayloadFlags.None;
        }
    }
}
