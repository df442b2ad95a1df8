using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>What coding a frame's macroblocks starts from. Nobody changes it while rows are being coded.</summary>
internal sealed class FrameInputs(FrameBuffer source)
{
    private readonly ScrollSearch _scroll = new(source.Y.Width, source.Y.Height);

    /// <summary>The picture to encode, in whole macroblocks.</summary>
    public FrameBuffer Source { get; } = source;

    /// <summary>The picture being reconstructed.</summary>
    public FrameBuffer Target { get; private set; } = source;

    public bool IsKeyFrame { get; private set; }

    /// <summary>Unset in a key frame.</summary>
    public FrameReferences References { get; private set; }

    /// <summary>What <see cref="ScrollSearch"/> found; zero in a key frame.</summary>
    public MotionVector Scroll { get; private set; }

    public FrameQuantizers Quantizers { get; } = new();

    /// <summary>Those of macroblocks that <see cref="Refinement"/> picks.</summary>
    public FrameQuantizers FineQuantizers { get; } = new();

    /// <summary>What costs are estimated with; entropy coding may change them afterwards.</summary>
    public FrameProbabilities Probabilities { get; } = new();

    /// <summary>What <see cref="FilterTrial"/> found to be best; to be set between frames.</summary>
    public int FilterStrength { get; set; } = FilterTrial.InitialStrength;

    /// <summary>Level of the loop filter, 0..63.</summary>
    public int FilterLevel { get; private set; }

    public void Set(in FramePlan plan, FrameBuffer target, ReferencePictures references, int quantizerIndex)
    {
        (IsKeyFrame, Target) = (plan.IsKeyFrame, target);
        References = plan.IsKeyFrame ? default : FrameReferences.Of(plan, references);
        Scroll = plan.IsKeyFrame ? default : _scroll.Find(Source.Y, References.Picture.Y);
        Quantizers.Set(quantizerIndex, plan.IsKeyFrame);
        FineQuantizers.Set(Refinement.FineIndex(quantizerIndex), plan.IsKeyFrame);
        FilterLevel = Math.Min(LoopFilterLimits.MaxLevel, quantizerIndex * (plan.IsKeyFrame ? FilterTrial.InitialStrength : FilterStrength) / 32);
    }
}
