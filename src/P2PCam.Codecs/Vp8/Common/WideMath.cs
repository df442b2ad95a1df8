using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace P2PCam.Codecs.Vp8.Common;

/// <summary>Steps that kernels for AVX2 share: four 4x4 blocks of 16-bit values at once, two in each 128 bits.</summary>
internal static unsafe class WideMath
{
    /// <summary>Eight pixels from either place, as 16-bit values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<short> LoadHalves(byte* left, byte* right) =>
        Avx2.ConvertToVector256Int16(Vector128.Create(Unsafe.ReadUnaligned<ulong>(left), Unsafe.ReadUnaligned<ulong>(right)).AsByte());

    /// <summary>Transposes each of the four 4x4 blocks that lie side by side in four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransposeQuad(ref Vector256<short> r0, ref Vector256<short> r1, ref Vector256<short> r2, ref Vector256<short> r3)
    {
        var a01 = Avx2.UnpackLow(r0, r1).AsInt32();
        var b01 = Avx2.UnpackHigh(r0, r1).AsInt32();
        var a23 = Avx2.UnpackLow(r2, r3).AsInt32();
        var b23 = Avx2.UnpackHigh(r2, r3).AsInt32();
        var aLow = Avx2.UnpackLow(a01, a23).AsInt64();
        var aHigh = Avx2.UnpackHigh(a01, a23).AsInt64();
        var bLow = Avx2.UnpackLow(b01, b23).AsInt64();
        var bHigh = Avx2.UnpackHigh(b01, b23).AsInt64();
        r0 = Avx2.UnpackLow(aLow, bLow).AsInt16();
        r1 = Avx2.UnpackHigh(aLow, bLow).AsInt16();
        r2 = Avx2.UnpackLow(aHigh, bHigh).AsInt16();
        r3 = Avx2.UnpackHigh(aHigh, bHigh).AsInt16();
    }
}
