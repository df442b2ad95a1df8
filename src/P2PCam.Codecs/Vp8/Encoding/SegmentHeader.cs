namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>Two segments that differ by their quantizer, or none (RFC 6386 section 9.3).</summary>
/// <param name="QuantizerDelta">What is added to the frame's quantizer index in the second; 0 where there are no segments.</param>
/// <param name="Probability">That a macroblock is in the first, in 1/256.</param>
internal readonly record struct SegmentHeader(int QuantizerDelta, byte Probability)
{
    public bool IsEnabled => QuantizerDelta != 0;

    // enabled 1; where set: update map 1, update data 1
    //   data: absolute 1, then for each segment 1 + 7 bits and sign (quantizer), then 1 + 6 bits and sign (filter level)
    //   map: for each of 3 tree nodes 1 + 8 bits of probability, 255 where not sent
    public void Write(BoolEncoder output)
    {
        output.WriteFlag(IsEnabled);
        if (!IsEnabled)
        {
            return;
        }

        output.WriteFlag(true); // the map follows
        output.WriteFlag(true); // so do quantizers
        output.WriteFlag(false); // as differences
        output.WriteFlag(false); // none in the first segment
        output.WriteFlag(true);
        output.WriteLiteral(Math.Abs(QuantizerDelta), 7);
        output.WriteFlag(QuantizerDelta < 0);
        output.WriteLiteral(0, 2); // third and fourth
        output.WriteLiteral(0, 4); // all filter alike
        output.WriteFlag(false); // all are in the lower half of the tree
        output.WriteFlag(true);
        output.WriteLiteral(Probability, 8);
        output.WriteFlag(false);
    }

    /// <summary>Which segment a macroblock is in.</summary>
    public void WriteSegment(BoolEncoder output, bool isSecond)
    {
        if (IsEnabled)
        {
            output.Write(false, 255);
            output.Write(isSecond, Probability);
        }
    }
}
