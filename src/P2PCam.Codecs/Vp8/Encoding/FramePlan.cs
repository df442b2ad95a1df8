using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>What is settled before a frame is encoded: what it may refer to and what later frames may take from it.</summary>
/// <param name="IsKeyFrame">Refers to nothing and becomes all three references.</param>
/// <param name="Reference">The picture to predict from; unused in a key frame.</param>
/// <param name="Second">Another picture to predict from; <see cref="ReferenceKind.Intra"/> for none.</param>
/// <param name="Updates">What becomes of the references.</param>
internal readonly record struct FramePlan(bool IsKeyFrame, ReferenceKind Reference, ReferenceKind Second, ReferenceUpdate Updates)
{
    public static FramePlan Key => new(true, ReferenceKind.Last, ReferenceKind.Intra, ReferenceUpdate.All);

    /// <summary>From the last picture to the next.</summary>
    public static FramePlan Inter => new(false, ReferenceKind.Last, ReferenceKind.Intra, ReferenceUpdate.OnlyLast);

    /// <summary>The picture also becomes the golden one; the golden one so far becomes the altref one.</summary>
    public FramePlan WithGoldenRefresh() => this with { Updates = Updates with { Golden = true, CopyToAltRef = 2 } };
}
