using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>What is decided for each macroblock of the frame in work, with an intra border above and to the left.</summary>
internal sealed class FrameState
{
    private readonly MacroblockInfo[] _infos;

    public FrameState(int columns, int rows)
    {
        (Columns, Rows) = (columns, rows);
        _infos = new MacroblockInfo[(columns + 1) * (rows + 1)];
        SubblockModes = new byte[columns * rows * 16];
        SplitVectors = new MotionVector[columns * rows * 16];
        SplitLayouts = new byte[columns * rows];
        PreviousVectors = new MotionVector[columns * rows];
        PreviousSads = new int[columns * rows];
        Refinement = new Refinement(columns * rows);
        CoefficientFlagsAbove = new byte[columns * 9];
        Tokens = new TokenRow[rows];
        for (var i = 0; i < rows; i++)
        {
            Tokens[i] = new TokenRow();
        }
    }

    public int Columns { get; }

    public int Rows { get; }

    /// <summary>Sixteen subblock modes per macroblock, also where they only follow from its luma mode.</summary>
    public byte[] SubblockModes { get; }

    /// <summary>Sixteen vectors per macroblock, of those that are split.</summary>
    public MotionVector[] SplitVectors { get; }

    /// <summary>How those are split, as <see cref="Common.SplitLayouts"/> has it.</summary>
    public byte[] SplitLayouts { get; }

    /// <summary>Vectors of the frame before, where a macroblock had any. While rows are coded at once, a macroblock may touch only its own.</summary>
    public MotionVector[] PreviousVectors { get; }

    /// <summary>How far each macroblock was from the same place in the last picture a frame before; to be touched like <see cref="PreviousVectors"/>.</summary>
    public int[] PreviousSads { get; }

    public Refinement Refinement { get; }

    /// <summary>Counts frames, so that work may be spread over several.</summary>
    public int FrameNumber { get; private set; }

    /// <summary>Per column the nine "has coefficients" flags of the macroblock above (RFC 6386 section 13.3).</summary>
    public byte[] CoefficientFlagsAbove { get; }

    public TokenRow[] Tokens { get; }

    /// <param name="isKeyFrame">Nothing that came before matters.</param>
    /// <param name="isLasting">The next picture is predicted from this one.</param>
    public void BeginFrame(bool isKeyFrame, bool isLasting)
    {
        Refinement.BeginFrame(isKeyFrame, isLasting);
        Array.Clear(CoefficientFlagsAbove);
        FrameNumber++;
        if (isKeyFrame)
        {
            Array.Clear(PreviousVectors);
            Array.Clear(PreviousSads);
        }
    }

    public ref MacroblockInfo Info(int column, int row) => ref _infos[((row + 1) * (Columns + 1)) + column + 1];

    public NeighborVectors Neighbors(int column, int row, in MotionBounds bounds) =>
        NeighborVectors.Find(Info(column, row - 1), Info(column - 1, row), Info(column - 1, row - 1), bounds);

    /// <summary>The mode of the subblock above, by which a key frame codes the mode of this one; DC outside.</summary>
    public int SubblockModeAbove(int column, int row, int index)
    {
        if (index >= 4)
        {
            return SubblockModes[(((row * Columns) + column) * 16) + index - 4];
        }

        return row == 0 ? 0 : SubblockModes[((((row - 1) * Columns) + column) * 16) + index + 12];
    }

    /// <summary>The mode of the subblock to the left; DC outside.</summary>
    public int SubblockModeLeft(int column, int row, int index)
    {
        if ((index & 3) != 0)
        {
            return SubblockModes[(((row * Columns) + column) * 16) + index - 1];
        }

        return column == 0 ? 0 : SubblockModes[(((row * Columns) + column - 1) * 16) + index + 3];
    }

    /// <summary>The vector of the subblock above, by which a split macroblock codes that of this one; zero outside.</summary>
    public MotionVector VectorAbove(int column, int row, int index) =>
        index >= 4 ? SplitVectors[(((row * Columns) + column) * 16) + index - 4] : VectorOf(column, row - 1, index + 12);

    /// <summary>The vector of the subblock to the left; zero outside.</summary>
    public MotionVector VectorLeft(int column, int row, int index) =>
        (index & 3) != 0 ? SplitVectors[(((row * Columns) + column) * 16) + index - 1] : VectorOf(column - 1, row, index + 3);

    private MotionVector VectorOf(int column, int row, int index)
    {
        ref var info = ref Info(column, row);
        return info.Mode == MacroblockMode.SplitMv ? SplitVectors[(((row * Columns) + column) * 16) + index] : info.Vector;
    }

    /// <summary>Fills in the subblock modes that a whole-block mode stands for (RFC 6386 section 11.3).</summary>
    public void SetImpliedSubblockModes(int column, int row, MacroblockMode mode)
    {
        var implied = mode switch
        {
            MacroblockMode.Vertical => SubblockMode.Vertical,
            MacroblockMode.Horizontal => SubblockMode.Horizontal,
            MacroblockMode.TrueMotion => SubblockMode.TrueMotion,
            _ => SubblockMode.Dc,
        };
        SubblockModes.AsSpan(((row * Columns) + column) * 16, 16).Fill((byte)implied);
    }
}
