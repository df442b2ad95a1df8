using System.Buffers.Binary;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.Sources.FFmpeg.H264;

/// <summary>
/// One coded picture, ITU-T H.264 section 7.4.1.2.3, as FLV and MP4 hold it: NAL units with a length each instead of start codes. Written as Annex B:
/// what decodes nothing (delimiters, filler, ends) left out, parameter sets in front of a key frame that brings none.
/// <code>
/// length | NAL unit | length | NAL unit | ...        NAL unit: forbidden u(1) | ref_idc u(2) | type u(5) | payload
/// </code>
/// </summary>
internal readonly ref struct AccessUnit
{
    private readonly ReadOnlySpan<byte> _units;
    private readonly int _lengthSize;
    private readonly ReadOnlySpan<byte> _parameterSets;

    private AccessUnit(ReadOnlySpan<byte> units, DecoderConfiguration configuration, AccessUnitContent content)
    {
        _units = units;
        _lengthSize = configuration.LengthSize;
        IsKeyFrame = content.HasIdr;
        HasBidirectional = content.HasBidirectional;
        Sequence = content.Sequence;
        HasPicture = content.HasPicture;
        _parameterSets = content.HasIdr && !content.HasParameters ? configuration.ParameterSets : [];
        Length = content.Length + _parameterSets.Length;
    }

    /// <summary>Instantaneous decoding refresh: nothing before it is needed, and nothing after it refers to what was before.</summary>
    public bool IsKeyFrame { get; }

    /// <summary>Whether a slice is predicted from two directions (a B slice, table 7-6).</summary>
    public bool HasBidirectional { get; }

    /// <summary>Whether there is a picture in it, and not only what accompanies one.</summary>
    public bool HasPicture { get; }

    /// <summary>The sequence parameter set inside of it, if any.</summary>
    public SequenceParameterSet? Sequence { get; }

    /// <summary>Bytes in Annex B form.</summary>
    public int Length { get; }

    /// <summary>False when lengths do not add up, a NAL unit is empty, or a parameter set or slice header cannot be read.</summary>
    public static bool TryParse(ReadOnlySpan<byte> units, DecoderConfiguration configuration, out AccessUnit unit)
    {
        unit = default;
        var content = default(AccessUnitContent);
        for (var rest = units; !rest.IsEmpty;)
        {
            if (!TryTake(ref rest, configuration.LengthSize, out var next) || !content.TryAdd(next))
            {
                return false;
            }
        }

        unit = new AccessUnit(units, configuration, content);
        return true;
    }

    /// <summary>Writes Annex B, <see cref="Length"/> bytes.</summary>
    public void CopyTo(Span<byte> output)
    {
        _parameterSets.CopyTo(output);
        output = output[_parameterSets.Length..];
        for (var rest = _units; !rest.IsEmpty;)
        {
            TryTake(ref rest, _lengthSize, out var next);
            if (AccessUnitContent.IsKept(next))
            {
                H264Nal.StartCode.CopyTo(output);
                next.CopyTo(output[H264Nal.StartCode.Length..]);
                output = output[(H264Nal.StartCode.Length + next.Length)..];
            }
        }
    }

    /// <summary>The parameter sets inside of it, in Annex B form.</summary>
    public byte[] GetParameterSets()
    {
        var sets = new List<byte>();
        for (var rest = _units; !rest.IsEmpty;)
        {
            TryTake(ref rest, _lengthSize, out var next);
            if (AccessUnitContent.IsParameterSet(next))
            {
                sets.AddRange(H264Nal.StartCode);
                sets.AddRange(next);
            }
        }

        return [.. sets];
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, int lengthSize, out ReadOnlySpan<byte> unit)
    {
        unit = default;
        if (rest.Length < lengthSize)
        {
            return false;
        }

        var length = lengthSize switch
        {
            1 => rest[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(rest),
            _ => BinaryPrimitives.ReadUInt32BigEndian(rest),
        };
        if (length > rest.Length - lengthSize)
        {
            return false;
        }

        unit = rest.Slice(lengthSize, (int)length);
        rest = rest[(lengthSize + (int)length)..];
        return true;
    }
}
