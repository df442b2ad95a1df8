using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>When the golden picture is renewed, where nothing else needs it: it keeps what moving things hide for a while.</summary>
internal static class GoldenPolicy
{
    // About a second: long enough to keep what passes by hides, short enough to be like the picture.
    private const int Interval = 32;

    /// <summary>Lets an inter frame refer to the golden picture, and renews that every so many frames.</summary>
    /// <param name="plan">What is planned without a golden picture.</param>
    /// <param name="sinceKeyFrame">Frames since the key frame, which renews it too.</param>
    public static FramePlan Apply(in FramePlan plan, int sinceKeyFrame)
    {
        if (plan.IsKeyFrame)
        {
            return plan;
        }

        var withGolden = plan with { Second = ReferenceKind.Golden };
        return sinceKeyFrame % Interval == 0 ? withGolden.WithGoldenRefresh() : withGolden;
    }
}
