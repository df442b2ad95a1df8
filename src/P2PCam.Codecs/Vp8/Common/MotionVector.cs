using System.Runtime.InteropServices;

namespace P2PCam.Codecs.Vp8.Common;

/// <summary>A displacement in quarter luma pixels (RFC 6386 section 5).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct MotionVector(short Row, short Column)
{
    public bool IsZero => (Row | Column) == 0;

    public MotionVector Clamp(in MotionBounds bounds) =>
        new((short)Math.Clamp((int)Row, bounds.MinRow, bounds.MaxRow), (short)Math.Clamp((int)Column, bounds.MinColumn, bounds.MaxColumn));
}

/// <summary>How far a macroblock's predicted vectors may point: one macroblock beyond the picture (RFC 6386 section 18.3).</summary>
internal readonly record struct MotionBounds(int MinRow, int MaxRow, int MinColumn, int MaxColumn)
{
    public static MotionBounds For(int row, int column, int rows, int columns) =>
        new(-(row + 1) * 64, (rows - row) * 64, -(column + 1) * 64, (columns - column) * 64);
}

/// <summary>What is known of one macroblock once its modes are decided or read.</summary>
internal struct MacroblockInfo
{
    public MacroblockMode Mode;
    public MacroblockMode ChromaMode;
    public ReferenceKind Reference;

    /// <summary>No coefficient is other than zero.</summary>
    public bool HasNoCoefficients;

    public MotionVector Vector;

    /// <summary>The loop filter also works on edges between subblocks.</summary>
    public readonly bool FiltersInside => !HasNoCoefficients || Mode is MacroblockMode.Subblocks or MacroblockMode.SplitMv;
}
