using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.Sources.FFmpeg.H264;

/// <summary>
/// What FLV says about H.264 ahead of the pictures: the AVCDecoderConfigurationRecord of ISO/IEC 14496-15 section 5.3.3.1.
/// <code>
/// 01 | profile | constraints | level | 111111 length size - 1 | 111 count | (length16, SPS)* | count8 | (length16, PPS)* | extensions
/// </code>
/// </summary>
/// <param name="LengthSize">Bytes of the length in front of each NAL unit, 1, 2 or 4.</param>
/// <param name="ParameterSets">Those sets in Annex B form, a start code before each.</param>
/// <param name="Sequence">The first sequence parameter set; null when there is none, in which case the pictures carry it.</param>
internal sealed record DecoderConfiguration(int LengthSize, byte[] ParameterSets, SequenceParameterSet? Sequence)
{
    public static DecoderConfiguration? Parse(ReadOnlySpan<byte> record)
    {
        if (record.Length < 6 || record[0] != 1 || (record[4] & 3) == 2)
        {
            return null;
        }

        var sets = new List<byte>();
        SequenceParameterSet? sequence = null;
        var rest = record[5..];
        for (var kind = 0; kind < 2; kind++)
        {
            if (rest.IsEmpty)
            {
                return null;
            }

            var count = kind == 0 ? rest[0] & 0x1F : rest[0];
            rest = rest[1..];
            for (; count > 0; count--)
            {
                if (rest.Length < 2 || ((rest[0] << 8) | rest[1]) is var length && (length == 0 || length > rest.Length - 2))
                {
                    return null;
                }

                var unit = rest.Slice(2, length);
                if (kind == 0 && sequence is null && (sequence = SequenceParameterSet.Parse(unit)) is null)
                {
                    return null;
                }

                sets.AddRange(H264Nal.StartCode);
                sets.AddRange(unit);
                rest = rest[(2 + length)..];
            }
        }

        return new DecoderConfiguration((record[4] & 3) + 1, [.. sets], sequence);
    }
}
