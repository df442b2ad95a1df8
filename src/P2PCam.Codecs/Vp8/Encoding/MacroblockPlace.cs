using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>Where one macroblock lies in the source picture and in the one being reconstructed.</summary>
internal readonly unsafe struct MacroblockPlace(FrameBuffer source, FrameBuffer target, int column, int row)
{
    public readonly int Column = column;
    public readonly int Row = row;
    public readonly byte* SourceY = source.Y.At(column * 16, row * 16);
    public readonly byte* SourceU = source.U.At(column * 8, row * 8);
    public readonly byte* SourceV = source.V.At(column * 8, row * 8);
    public readonly byte* TargetY = target.Y.At(column * 16, row * 16);
    public readonly byte* TargetU = target.U.At(column * 8, row * 8);
    public readonly byte* TargetV = target.V.At(column * 8, row * 8);
    public readonly int SourceStrideY = source.Y.Stride;
    public readonly int SourceStrideC = source.U.Stride;
    public readonly int TargetStrideY = target.Y.Stride;
    public readonly int TargetStrideC = target.U.Stride;
}
