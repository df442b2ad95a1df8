using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>Predicts macroblocks from an earlier picture (RFC 6386 section 18). Vectors end within its border.</summary>
internal static unsafe class InterPrediction
{
    /// <summary>With one vector.</summary>
    public static void Predict(in MacroblockPlace place, FrameBuffer reference, MotionVector vector) => Predict(place, reference, vector, 0, 0, 16, 16);

    /// <summary>Halves or quarters with vectors of their own; those of the sixteen subblocks are given.</summary>
    public static void PredictParts(in MacroblockPlace place, FrameBuffer reference, int layout, ReadOnlySpan<MotionVector> vectors)
    {
        var (width, height) = (layout == 0 ? 16 : 8, layout == 1 ? 16 : 8);
        foreach (var first in SplitLayouts.FirstBlocks(layout))
        {
            Predict(place, reference, vectors[first], (first & 3) * 4, (first >> 2) * 4, width, height);
        }
    }

    // Chroma goes by the average of the vectors over it, which are all the same here.
    private static void Predict(in MacroblockPlace place, FrameBuffer reference, MotionVector vector, int left, int top, int width, int height)
    {
        var (x, y) = ((place.Column * 16) + left + (vector.Column >> 2), (place.Row * 16) + top + (vector.Row >> 2));
        SubpelFilter.Predict(
            reference.Y.At(x, y), reference.Y.Stride, place.TargetY + (top * place.TargetStrideY) + left, place.TargetStrideY,
            width, height, (vector.Column & 3) * 2, (vector.Row & 3) * 2);

        // The same number counts eighths of a chroma pixel.
        (left, top, width, height) = (left / 2, top / 2, width / 2, height / 2);
        (x, y) = ((place.Column * 8) + left + (vector.Column >> 3), (place.Row * 8) + top + (vector.Row >> 3));
        var target = (top * place.TargetStrideC) + left;
        var (eighthX, eighthY) = (vector.Column & 7, vector.Row & 7);
        SubpelFilter.Predict(reference.U.At(x, y), reference.U.Stride, place.TargetU + target, place.TargetStrideC, width, height, eighthX, eighthY);
        SubpelFilter.Predict(reference.V.At(x, y), reference.V.Stride, place.TargetV + target, place.TargetStrideC, width, height, eighthX, eighthY);
    }
}
