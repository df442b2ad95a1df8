using System.Runtime.InteropServices;
using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Decoding;

/// <summary>All that was read of the macroblock in work. One object serves a whole stream.</summary>
internal sealed unsafe class Macroblock
{
    public const int BlockCount = 25;
    public const int Y2Block = 24;

    private readonly short[] _coefficientMemory = GC.AllocateArray<short>(BlockCount * 16, pinned: true);

    public Macroblock() => Coefficients = (short*)Marshal.UnsafeAddrOfPinnedArrayElement(_coefficientMemory, 0);

    public int Column { get; set; }

    public int Row { get; set; }

    public int Segment { get; set; }

    /// <summary>Mode, reference and vector; whether there are coefficients is known once those are read.</summary>
    public MacroblockInfo Info;

    /// <summary>Modes of the sixteen subblocks where the mode is <see cref="MacroblockMode.Subblocks"/>.</summary>
    public byte[] SubblockModes { get; } = new byte[16];

    /// <summary>Vectors of the sixteen subblocks where the mode is <see cref="MacroblockMode.SplitMv"/>.</summary>
    public MotionVector[] Vectors { get; } = new MotionVector[16];

    /// <summary>The vectors were sent for each subblock; else each quarter has one.</summary>
    public bool HasFineVectors { get; set; }

    /// <summary>25 blocks of 16 dequantized coefficients in raster order: luma, U, V, Y2. All zero where nothing was read.</summary>
    public short* Coefficients { get; }

    /// <summary>For each block, the place in zigzag order behind its last coefficient.</summary>
    public byte[] Ends { get; } = new byte[BlockCount];

    /// <summary>The DC of luma blocks is in a block of its own.</summary>
    public bool HasY2 => Info.Mode is not (MacroblockMode.Subblocks or MacroblockMode.SplitMv);

    /// <summary>Makes all coefficients zero again.</summary>
    public void ClearCoefficients() => new Span<short>(Coefficients, BlockCount * 16).Clear();
}
