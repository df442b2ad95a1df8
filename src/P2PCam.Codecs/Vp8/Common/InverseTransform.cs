using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace P2PCam.Codecs.Vp8.Common;

/// <summary>The inverse DCT and Walsh-Hadamard transforms, to be matched bit for bit (RFC 6386 sections 14.3 and 14.4).</summary>
internal static unsafe class InverseTransform
{
    // sqrt(2)*cos(pi/8) - 1 and sqrt(2)*sin(pi/8), times 65536; the second less 65536, to fit 16 signed bits.
    internal const int CosineLessOne = 20091;
    internal const int SineLessOne = Sine - 65536;
    private const int Sine = 35468;

    /// <summary><see cref="AddPair"/> twice, at either place.</summary>
    public static void AddQuad(short* left, short* right, byte* pixelsLeft, byte* pixelsRight, int stride)
    {
        if (InverseTransformWide.IsSupported)
        {
            InverseTransformWide.AddQuad(left, right, pixelsLeft, pixelsRight, stride);
        }
        else
        {
            AddPair(left, pixelsLeft, stride);
            AddPair(right, pixelsRight, stride);
        }
    }

    /// <summary>Adds the residual of two blocks side by side (32 dequantized coefficients) to the 8x4 prediction in place.</summary>
    public static void AddPair(short* coefficients, byte* pixels, int stride)
    {
        if (Vector128.IsHardwareAccelerated)
        {
            AddPairVector(coefficients, pixels, stride);
        }
        else
        {
            AddScalar(coefficients, pixels, stride);
            AddScalar(coefficients + 16, pixels + 4, stride);
        }
    }

    /// <summary>One block of 16 coefficients. Values wrap at 16 bits, as they do in vectors; no honest stream comes near.</summary>
    public static void AddScalar(short* coefficients, byte* pixels, int stride)
    {
        var rows = stackalloc int[16];
        for (var i = 0; i < 4; i++)
        {
            Butterfly(coefficients[i], coefficients[4 + i], coefficients[8 + i], coefficients[12 + i], out rows[i], out rows[4 + i], out rows[8 + i], out rows[12 + i]);
        }

        for (var i = 0; i < 4; i++, pixels += stride)
        {
            Butterfly(rows[4 * i], rows[(4 * i) + 1], rows[(4 * i) + 2], rows[(4 * i) + 3], out var a, out var b, out var c, out var d);
            pixels[0] = Clamp(pixels[0] + ((short)(a + 4) >> 3));
            pixels[1] = Clamp(pixels[1] + ((short)(b + 4) >> 3));
            pixels[2] = Clamp(pixels[2] + ((short)(c + 4) >> 3));
            pixels[3] = Clamp(pixels[3] + ((short)(d + 4) >> 3));
        }
    }

    /// <summary>One block, by what <see cref="AddPair"/> does.</summary>
    public static void AddOne(short* coefficients, byte* pixels, int stride)
    {
        if (Vector128.IsHardwareAccelerated)
        {
            AddOneVector(coefficients, pixels, stride);
        }
        else
        {
            AddScalar(coefficients, pixels, stride);
        }
    }

    public static void AddOneVector(short* coefficients, byte* pixels, int stride)
    {
        var (r0, r1) = (Vector64.Load(coefficients).ToVector128(), Vector64.Load(coefficients + 4).ToVector128());
        var (r2, r3) = (Vector64.Load(coefficients + 8).ToVector128(), Vector64.Load(coefficients + 12).ToVector128());
        Residual(ref r0, ref r1, ref r2, ref r3);
        AddFour(r0, pixels);
        AddFour(r1, pixels + stride);
        AddFour(r2, pixels + (2 * stride));
        AddFour(r3, pixels + (3 * stride));
    }

    public static void AddPairVector(short* coefficients, byte* pixels, int stride)
    {
        var r0 = Vector128.Create(Vector64.Load(coefficients), Vector64.Load(coefficients + 16));
        var r1 = Vector128.Create(Vector64.Load(coefficients + 4), Vector64.Load(coefficients + 20));
        var r2 = Vector128.Create(Vector64.Load(coefficients + 8), Vector64.Load(coefficients + 24));
        var r3 = Vector128.Create(Vector64.Load(coefficients + 12), Vector64.Load(coefficients + 28));
        Residual(ref r0, ref r1, ref r2, ref r3);
        AddRows(r0, r1, pixels, stride);
        AddRows(r2, r3, pixels + (2 * stride), stride);
    }

    /// <summary>Two blocks side by side with nothing but DC: <see cref="AddPair"/> with less work.</summary>
    public static void AddDcPair(int left, int right, byte* pixels, int stride)
    {
        if (Vector128.IsHardwareAccelerated)
        {
            AddDcPairVector(left, right, pixels, stride);
        }
        else
        {
            AddDcScalar(left, pixels, stride);
            AddDcScalar(right, pixels + 4, stride);
        }
    }

    public static void AddDcScalar(int dc, byte* pixels, int stride)
    {
        var value = (short)(dc + 4) >> 3;
        for (var i = 0; i < 16; i++)
        {
            ref var pixel = ref pixels[(i / 4 * stride) + (i % 4)];
            pixel = Clamp(pixel + value);
        }
    }

    public static void AddDcPairVector(int left, int right, byte* pixels, int stride)
    {
        // What to add and what to take away, each saturated to a byte; one of the two is zero.
        var both = Vector128.Create(Vector64.Create((short)((short)(left + 4) >> 3)), Vector64.Create((short)((short)(right + 4) >> 3)));
        var plus = VectorMath.PackUnsigned(both, both);
        var minus = VectorMath.PackUnsigned(-both, -both);
        for (var y = 0; y < 4; y++, pixels += stride)
        {
            var row = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(pixels)).AsByte();
            row = Vector128.SubtractSaturate(Vector128.AddSaturate(row, plus), minus);
            Unsafe.WriteUnaligned(pixels, row.AsUInt64().ToScalar());
        }
    }

    /// <summary>Spreads the sixteen Y2 coefficients to the DC of sixteen blocks of 16 coefficients each.</summary>
    public static void WalshHadamard(short* y2, short* coefficients)
    {
        var rows = stackalloc int[16];
        for (var i = 0; i < 4; i++)
        {
            var (a, b) = (y2[i] + y2[12 + i], y2[4 + i] + y2[8 + i]);
            var (c, d) = (y2[4 + i] - y2[8 + i], y2[i] - y2[12 + i]);
            (rows[i], rows[4 + i], rows[8 + i], rows[12 + i]) = (a + b, c + d, a - b, d - c);
        }

        for (var i = 0; i < 16; i += 4)
        {
            var (a, b) = (rows[i] + rows[i + 3], rows[i + 1] + rows[i + 2]);
            var (c, d) = (rows[i + 1] - rows[i + 2], rows[i] - rows[i + 3]);
            coefficients[16 * i] = (short)((a + b + 3) >> 3);
            coefficients[16 * (i + 1)] = (short)((c + d + 3) >> 3);
            coefficients[16 * (i + 2)] = (short)((a - b + 3) >> 3);
            coefficients[16 * (i + 3)] = (short)((d - c + 3) >> 3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Residual(ref Vector128<short> r0, ref Vector128<short> r1, ref Vector128<short> r2, ref Vector128<short> r3)
    {
        ButterflyVector(ref r0, ref r1, ref r2, ref r3);
        VectorMath.TransposePair(ref r0, ref r1, ref r2, ref r3);
        ButterflyVector(ref r0, ref r1, ref r2, ref r3);
        VectorMath.TransposePair(ref r0, ref r1, ref r2, ref r3);
        var four = Vector128.Create((short)4);
        r0 = Vector128.ShiftRightArithmetic(r0 + four, 3);
        r1 = Vector128.ShiftRightArithmetic(r1 + four, 3);
        r2 = Vector128.ShiftRightArithmetic(r2 + four, 3);
        r3 = Vector128.ShiftRightArithmetic(r3 + four, 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddFour(Vector128<short> residual, byte* pixels)
    {
        var predicted = Vector128.WidenLower(Vector128.CreateScalar(Unsafe.ReadUnaligned<uint>(pixels)).AsByte()).AsInt16();
        Unsafe.WriteUnaligned(pixels, VectorMath.PackUnsigned(predicted + residual, residual).AsUInt32().ToScalar());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRows(Vector128<short> first, Vector128<short> second, byte* pixels, int stride)
    {
        var predicted = Vector128.Create(Vector64.Load(pixels), Vector64.Load(pixels + stride));
        var (low, high) = Vector128.Widen(predicted);
        var sum = VectorMath.PackUnsigned(low.AsInt16() + first, high.AsInt16() + second);
        sum.GetLower().Store(pixels);
        sum.GetUpper().Store(pixels + stride);
    }

    private static void Butterfly(int i0, int i1, int i2, int i3, out int o0, out int o1, out int o2, out int o3)
    {
        var (a, b) = (i0 + i2, i0 - i2);
        var c = ((i1 * Sine) >> 16) - (i3 + ((i3 * CosineLessOne) >> 16));
        var d = i1 + ((i1 * CosineLessOne) >> 16) + ((i3 * Sine) >> 16);
        (o0, o1, o2, o3) = ((short)(a + d), (short)(b + c), (short)(b - c), (short)(a - d));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ButterflyVector(ref Vector128<short> r0, ref Vector128<short> r1, ref Vector128<short> r2, ref Vector128<short> r3)
    {
        var cosine = Vector128.Create((short)CosineLessOne);
        var sine = Vector128.Create((short)SineLessOne);
        var (a, b) = (r0 + r2, r0 - r2);
        var c = VectorMath.MultiplyHigh(r1, sine) + r1 - (r3 + VectorMath.MultiplyHigh(r3, cosine));
        var d = r1 + VectorMath.MultiplyHigh(r1, cosine) + VectorMath.MultiplyHigh(r3, sine) + r3;
        (r0, r1, r2, r3) = (a + d, b + c, b - c, a - d);
    }

    private static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);
}
