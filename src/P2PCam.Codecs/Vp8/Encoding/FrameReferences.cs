using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>The pictures that a frame's macroblocks may be predicted from: one, and perhaps another.</summary>
/// <param name="Kind">What the stream calls the first.</param>
/// <param name="Picture">The first.</param>
/// <param name="SecondKind">What the stream calls the second; <see cref="ReferenceKind.Intra"/> where there is none.</param>
/// <param name="Second">The second, or null.</param>
internal readonly record struct FrameReferences(ReferenceKind Kind, FrameBuffer Picture, ReferenceKind SecondKind, FrameBuffer? Second)
{
    /// <summary>The pictures that a plan names. One that is the same as the first is left out.</summary>
    public static FrameReferences Of(in FramePlan plan, ReferencePictures pictures)
    {
        var first = pictures[plan.Reference];
        return plan.Second == ReferenceKind.Intra || pictures[plan.Second] == first
            ? new(plan.Reference, first, ReferenceKind.Intra, null)
            : new(plan.Reference, first, plan.Second, pictures[plan.Second]);
    }
}
