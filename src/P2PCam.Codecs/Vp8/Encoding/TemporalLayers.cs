using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// The pattern of temporal layers. Frames of layer 0 follow from one another; those above refer to lower ones only, so that a receiver, or who forwards
/// to it, may leave them out. Two layers alternate, 0 1; three go 0 2 1 2. No frame above layer 0 leaves probabilities behind.
/// </summary>
internal sealed class TemporalLayers
{
    private static readonly ReferenceUpdate Nothing = new(false, false, false, 0, 0, false);

    // Layer 1 of three becomes the altref picture, to which the second frame of layer 2 refers.
    private static readonly Step Base = new(0, FramePlan.Inter, false);
    private static readonly Step Top = new(1, new FramePlan(false, ReferenceKind.Last, ReferenceKind.Intra, Nothing), true);
    private static readonly Step Middle = new(1, new FramePlan(false, ReferenceKind.Last, ReferenceKind.Intra, Nothing with { AltRef = true }), true);
    private static readonly Step AfterMiddle = new(2, new FramePlan(false, ReferenceKind.AltRef, ReferenceKind.Last, Nothing), false);

    private readonly Step[] _steps;
    private int _position;
    private byte _baseIndex = byte.MaxValue;

    public TemporalLayers(int count)
    {
        _steps = count switch
        {
            1 => [Base],
            2 => [Base, Top],
            _ => [Base, Top with { Layer = 2 }, Middle, AfterMiddle],
        };
    }

    /// <summary>
    /// Of each layer, bits per frame against the average: two layers share the rate 60 to 40, three 40 to 20 to 40, over half of the frames each or a
    /// quarter, a quarter and a half.
    /// </summary>
    public ReadOnlySpan<double> Weights => _steps.Length switch
    {
        1 => [1],
        2 => [1.2, 0.8],
        _ => [1.6, 0.8, 0.8],
    };

    /// <summary>What the next frame is. Nothing changes before <see cref="Advance"/>.</summary>
    public Step Next(bool isKeyFrame) => isKeyFrame ? new Step(0, FramePlan.Key, true) : _steps[_position];

    /// <summary>The frame was written. Returns its TL0PICIDX: frames of layer 0 so far, in one byte.</summary>
    public byte Advance(in Step step)
    {
        _position = step.Plan.IsKeyFrame ? 1 % _steps.Length : (_position + 1) % _steps.Length;
        return step.Layer == 0 ? ++_baseIndex : _baseIndex;
    }

    /// <param name="Layer">Its layer, 0 the lowest.</param>
    /// <param name="Plan">What it refers to and what becomes of it.</param>
    /// <param name="IsSync">It refers to the last frame of layer 0 alone, or to none: who has that may take up this layer here.</param>
    internal readonly record struct Step(int Layer, FramePlan Plan, bool IsSync);
}
