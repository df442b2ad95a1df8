namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// Adaptive quantization (RFC 6386 sections 9.3 and 10): macroblocks that stand still take turns in being coded with a finer quantizer, as a segment of
/// their own. What stays in view gets sharp without any frame getting large.
/// </summary>
internal sealed class Refinement(int count)
{
    private const int Cycle = 16;
    private const byte Coarsest = 255;

    // Frames that a macroblock must have stood still for, by how much finer it must get, and the frame's index from which on this pays: measured.
    private const int Settled = 6;
    private const int Worthwhile = 3;
    private const int Lowest = 20;

    // The finest quantizer index that each macroblock was coded with since it last moved.
    private readonly byte[] _indexes = new byte[count];
    private readonly bool[] _isFine = new bool[count];

    // For how many frames each has stood still.
    private readonly byte[] _still = new byte[count];

    // Frames that may refine, and whether this one may.
    private int _turn;
    private bool _mayRefine;

    /// <summary>The quantizer index for refined macroblocks, given the frame's.</summary>
    public static int FineIndex(int frameIndex) => frameIndex - (frameIndex / 2);

    /// <param name="isKeyFrame">Starts anew.</param>
    /// <param name="isLasting">Later frames refer to this one; else it would be for nothing.</param>
    public void BeginFrame(bool isKeyFrame, bool isLasting)
    {
        _mayRefine = !isKeyFrame && isLasting;
        _turn += _mayRefine ? 1 : 0;
        if (!isKeyFrame)
        {
            return;
        }

        Array.Fill(_indexes, Coarsest);
        Array.Clear(_still);
    }

    public bool IsFine(int macroblock) => _isFine[macroblock];

    /// <summary>Whether a macroblock is to be refined in this frame. Each is asked about once per frame, and only its own memory is touched.</summary>
    public bool Decide(int macroblock, bool standsStill, FrameQuantizers quantizers)
    {
        ref var index = ref _indexes[macroblock];
        var fine = FineIndex(quantizers.Index);
        ref var still = ref _still[macroblock];
        still = standsStill ? (byte)Math.Min(still + 1, 255) : (byte)0;
        var isFine = _mayRefine && still >= Settled && quantizers.Index >= Lowest && fine + Worthwhile < index && (macroblock + _turn) % Cycle == 0;
        index = !standsStill ? Coarsest : isFine ? (byte)fine : index;
        return _isFine[macroblock] = isFine;
    }

    /// <summary>The macroblock is not to be refined.</summary>
    public void Pass(int macroblock)
    {
        _isFine[macroblock] = false;
        _indexes[macroblock] = Coarsest;
        _still[macroblock] = 0;
    }

    /// <summary>How many macroblocks are refined in this frame.</summary>
    public int CountFine() => _isFine.AsSpan().Count(true);
}
