using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// How the loop filter's level varies by reference and mode (RFC 6386 section 9.6): what stands still was filtered before and needs less, else it gets
/// ever softer; what is new needs more.
/// </summary>
internal static class FilterAdjustments
{
    /// <summary>How many different levels there are: reference times kind of mode.</summary>
    public const int Count = 16;

    private const int Kinds = 4;

    /// <summary>Intra, last, golden, altref.</summary>
    private static ReadOnlySpan<sbyte> ByReference => [2, 0, -2, -2];

    /// <summary>Subblock modes, zero vector, other vectors, split vectors.</summary>
    private static ReadOnlySpan<sbyte> ByMode => [4, -12, 2, 4];

    /// <summary>Which of the levels a macroblock has.</summary>
    public static int IndexOf(in MacroblockInfo info)
    {
        var kind = info.Mode switch
        {
            MacroblockMode.Subblocks => 0,
            MacroblockMode.SplitMv => 3,
            MacroblockMode.NearestMv or MacroblockMode.NearMv or MacroblockMode.NewMv => 2,
            _ => 1,
        };
        return ((int)info.Reference * Kinds) + kind;
    }

    /// <summary>The level at an index, given the frame's. Of intra macroblocks only those with subblock modes are adjusted by mode.</summary>
    public static int LevelOf(int index, int frameLevel)
    {
        var (reference, kind) = (index / Kinds, index % Kinds);
        var level = frameLevel + ByReference[reference] + (reference == (int)ReferenceKind.Intra && kind != 0 ? 0 : ByMode[kind]);
        return frameLevel == 0 ? 0 : Math.Clamp(level, 0, LoopFilterLimits.MaxLevel);
    }

    /// <summary>adjusted 1 | update 1; where set: 4 references, then 4 modes, 1 + 6 bits and sign each. They last until the next key frame.</summary>
    public static void Write(BoolEncoder output, bool isKeyFrame)
    {
        output.WriteFlag(true);
        output.WriteFlag(isKeyFrame);
        if (isKeyFrame)
        {
            Write(output, ByReference);
            Write(output, ByMode);
        }
    }

    private static void Write(BoolEncoder output, ReadOnlySpan<sbyte> values)
    {
        foreach (var value in values)
        {
            output.WriteFlag(true);
            output.WriteLiteral(Math.Abs(value), 6);
            output.WriteFlag(value < 0);
        }
    }
}
