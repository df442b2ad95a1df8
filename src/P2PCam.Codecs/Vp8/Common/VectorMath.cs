using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace P2PCam.Codecs.Vp8.Common;

/// <summary>Vector steps that the portable API lacks: one instruction on x64 and ARM64, plain code elsewhere.</summary>
internal static class VectorMath
{
    /// <summary>The upper 16 bits of the signed products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> MultiplyHigh(Vector128<short> a, Vector128<short> b)
    {
        if (Sse2.IsSupported)
        {
            return Sse2.MultiplyHigh(a, b);
        }

        var (aLow, aHigh) = Vector128.Widen(a);
        var (bLow, bHigh) = Vector128.Widen(b);
        return Vector128.Narrow(Vector128.ShiftRightArithmetic(aLow * bLow, 16), Vector128.ShiftRightArithmetic(aHigh * bHigh, 16));
    }

    /// <summary>The sums of the products of lanes 2k and 2k+1, in 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> MultiplyAddPairs(Vector128<short> a, Vector128<short> b)
    {
        if (Sse2.IsSupported)
        {
            return Sse2.MultiplyAddAdjacent(a, b);
        }

        // Even lanes by way of a shift up and back, odd lanes by a shift down.
        var (a32, b32) = (a.AsInt32(), b.AsInt32());
        var even = Vector128.ShiftRightArithmetic(Vector128.ShiftLeft(a32, 16), 16) * Vector128.ShiftRightArithmetic(Vector128.ShiftLeft(b32, 16), 16);
        return even + (Vector128.ShiftRightArithmetic(a32, 16) * Vector128.ShiftRightArithmetic(b32, 16));
    }

    /// <summary>Joins values that are known to fit 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> Narrow(Vector128<int> low, Vector128<int> high) =>
        Sse2.IsSupported ? Sse2.PackSignedSaturate(low, high) : Vector128.Narrow(low, high);

    /// <summary>Clamps sixteen values to 0..255.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> PackUnsigned(Vector128<short> low, Vector128<short> high)
    {
        if (Sse2.IsSupported)
        {
            return Sse2.PackUnsignedSaturate(low, high);
        }

        var max = Vector128.Create((short)255);
        low = Vector128.Min(Vector128.Max(low, Vector128<short>.Zero), max);
        high = Vector128.Min(Vector128.Max(high, Vector128<short>.Zero), max);
        return Vector128.Narrow(low, high).AsByte();
    }

    /// <summary>Transposes the two 4x4 blocks that lie side by side in four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void TransposePair(ref Vector128<short> r0, ref Vector128<short> r1, ref Vector128<short> r2, ref Vector128<short> r3)
    {
        var a01 = ZipLow(r0, r1).AsInt32();
        var b01 = ZipHigh(r0, r1).AsInt32();
        var a23 = ZipLow(r2, r3).AsInt32();
        var b23 = ZipHigh(r2, r3).AsInt32();
        var aLow = ZipLow(a01, a23).AsInt64();
        var aHigh = ZipHigh(a01, a23).AsInt64();
        var bLow = ZipLow(b01, b23).AsInt64();
        var bHigh = ZipHigh(b01, b23).AsInt64();
        r0 = ZipLow(aLow, bLow).AsInt16();
        r1 = ZipHigh(aLow, bLow).AsInt16();
        r2 = ZipLow(aHigh, bHigh).AsInt16();
        r3 = ZipHigh(aHigh, bHigh).AsInt16();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ZipLow(Vector128<byte> a, Vector128<byte> b) => Sse2.IsSupported ? Sse2.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : ZipSlow(a, b, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ZipHigh(Vector128<byte> a, Vector128<byte> b) => Sse2.IsSupported ? Sse2.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : ZipSlow(a, b, Vector128<byte>.Count / 2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> ZipLow(Vector128<short> a, Vector128<short> b) => Sse2.IsSupported ? Sse2.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : ZipSlow(a, b, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> ZipHigh(Vector128<short> a, Vector128<short> b) => Sse2.IsSupported ? Sse2.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : ZipSlow(a, b, Vector128<short>.Count / 2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> ZipLow(Vector128<int> a, Vector128<int> b) => Sse2.IsSupported ? Sse2.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : ZipSlow(a, b, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> ZipHigh(Vector128<int> a, Vector128<int> b) => Sse2.IsSupported ? Sse2.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : ZipSlow(a, b, Vector128<int>.Count / 2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> ZipLow(Vector128<long> a, Vector128<long> b) => Vector128.Create(a.GetLower(), b.GetLower());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> ZipHigh(Vector128<long> a, Vector128<long> b) => Vector128.Create(a.GetUpper(), b.GetUpper());

    private static Vector128<T> ZipSlow<T>(Vector128<T> a, Vector128<T> b, int start)
    {
        var result = Vector128<T>.Zero;
        for (var i = 0; i < Vector128<T>.Count; i += 2)
        {
            result = result.WithElement(i, a[start + (i / 2)]).WithElement(i + 1, b[start + (i / 2)]);
        }

        return result;
    }
}
