using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.Sources.FFmpeg.H264;

/// <summary>What the NAL units of one access unit say, gathered one after another.</summary>
internal struct AccessUnitContent
{
    private const int BidirectionalSlice = 1;

    public bool HasIdr { get; private set; }

    public bool HasPicture { get; private set; }

    public bool HasParameters { get; private set; }

    public bool HasBidirectional { get; private set; }

    public SequenceParameterSet? Sequence { get; private set; }

    /// <summary>Bytes of those that are kept, with start codes.</summary>
    public int Length { get; private set; }

    /// <summary>Whether a decoder has any use for it, and RTP can carry it: RFC 6184 uses 0 and 24 to 31 for packets of its own.</summary>
    public static bool IsKept(ReadOnlySpan<byte> unit) => !unit.IsEmpty && H264Nal.IsWorthSending(H264Nal.Type(unit[0]));

    public static bool IsParameterSet(ReadOnlySpan<byte> unit) =>
        !unit.IsEmpty && H264Nal.Type(unit[0]) is H264Nal.SequenceParameterSet or H264Nal.PictureParameterSet;

    public bool TryAdd(ReadOnlySpan<byte> unit)
    {
        if (!IsKept(unit))
        {
            return true;
        }

        Length += H264Nal.StartCode.Length + unit.Length;
        switch (H264Nal.Type(unit[0]))
        {
            case H264Nal.SequenceParameterSet:
                HasParameters = true;
                Sequence = SequenceParameterSet.Parse(unit);
                return Sequence is not null;
            case H264Nal.IdrSlice:
                HasIdr = true;
                return TryReadSlice(unit);
            case H264Nal.Slice:
                return TryReadSlice(unit);
            default:
                return true;
        }
    }

    // Section 7.3.3: first_mb_in_slice ue | slice_type ue | ...; types 5 to 9 are 0 to 4 once more.
    private bool TryReadSlice(ReadOnlySpan<byte> unit)
    {
        var reader = new RbspReader(unit[1..]);
        reader.ReadUnsigned();
        var type = reader.ReadUnsigned();
        HasPicture = true;
        HasBidirectional |= type % 5 == BidirectionalSlice;
        return !reader.IsExhausted && type < 10;
    }
}
