using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace P2PCam.Codecs.Vp8.Common;

/// <summary>
/// <see cref="LoopFilterVectors"/> on 32 positions at once, for AVX2: sixteen of luma in the lower half, eight of U and eight of V in the upper.
/// </summary>
internal readonly unsafe struct LoopFilterWide(byte edgeLimit, in LoopFilterLimits limits)
{
    private readonly Vector256<byte> _edgeLimit = Vector256.Create(edgeLimit);
    private readonly Vector256<byte> _interior = Vector256.Create(limits.Interior);
    private readonly Vector256<byte> _highVariance = Vector256.Create(limits.HighVariance);

    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>Horizontal edges: the pointers are to the first pixels below them.</summary>
    public void FilterRows(byte* y, byte* u, byte* v, int lumaStride, int chromaStride, bool isMacroblockEdge)
    {
        var p3 = LoadRow(y - (4 * lumaStride), u - (4 * chromaStride), v - (4 * chromaStride));
        var p2 = LoadRow(y - (3 * lumaStride), u - (3 * chromaStride), v - (3 * chromaStride));
        var p1 = LoadRow(y - (2 * lumaStride), u - (2 * chromaStride), v - (2 * chromaStride));
        var p0 = LoadRow(y - lumaStride, u - chromaStride, v - chromaStride);
        var q0 = LoadRow(y, u, v);
        var q1 = LoadRow(y + lumaStride, u + chromaStride, v + chromaStride);
        var q2 = LoadRow(y + (2 * lumaStride), u + (2 * chromaStride), v + (2 * chromaStride));
        var q3 = LoadRow(y + (3 * lumaStride), u + (3 * chromaStride), v + (3 * chromaStride));
        if (!Filter(p3, ref p2, ref p1, ref p0, ref q0, ref q1, ref q2, q3, isMacroblockEdge))
        {
            return;
        }

        if (isMacroblockEdge)
        {
            StoreRow(p2, y - (3 * lumaStride), u - (3 * chromaStride), v - (3 * chromaStride));
            StoreRow(q2, y + (2 * lumaStride), u + (2 * chromaStride), v + (2 * chromaStride));
        }

        StoreRow(p1, y - (2 * lumaStride), u - (2 * chromaStride), v - (2 * chromaStride));
        StoreRow(p0, y - lumaStride, u - chromaStride, v - chromaStride);
        StoreRow(q0, y, u, v);
        StoreRow(q1, y + lumaStride, u + chromaStride, v + chromaStride);
    }

    /// <summary>Vertical edges: the pointers are to the first pixels right of them.</summary>
    public void FilterColumns(byte* y, byte* u, byte* v, int lumaStride, int chromaStride, bool isMacroblockEdge)
    {
        var eightRows = 8 * (nint)lumaStride;
        var c0 = LoadColumns(y - 4, eightRows, u - 4, v - 4);
        var c1 = LoadColumns(y - 4 + lumaStride, eightRows, u - 4 + chromaStride, v - 4 + chromaStride);
        var c2 = LoadColumns(y - 4 + (2 * lumaStride), eightRows, u - 4 + (2 * chromaStride), v - 4 + (2 * chromaStride));
        var c3 = LoadColumns(y - 4 + (3 * lumaStride), eightRows, u - 4 + (3 * chromaStride), v - 4 + (3 * chromaStride));
        var c4 = LoadColumns(y - 4 + (4 * lumaStride), eightRows, u - 4 + (4 * chromaStride), v - 4 + (4 * chromaStride));
        var c5 = LoadColumns(y - 4 + (5 * lumaStride), eightRows, u - 4 + (5 * chromaStride), v - 4 + (5 * chromaStride));
        var c6 = LoadColumns(y - 4 + (6 * lumaStride), eightRows, u - 4 + (6 * chromaStride), v - 4 + (6 * chromaStride));
        var c7 = LoadColumns(y - 4 + (7 * lumaStride), eightRows, u - 4 + (7 * chromaStride), v - 4 + (7 * chromaStride));
        Transpose8(ref c0, ref c1, ref c2, ref c3, ref c4, ref c5, ref c6, ref c7);
        if (!Filter(c0, ref c1, ref c2, ref c3, ref c4, ref c5, ref c6, c7, isMacroblockEdge))
        {
            return;
        }

        Transpose8(ref c0, ref c1, ref c2, ref c3, ref c4, ref c5, ref c6, ref c7);
        StoreColumns(c0, y - 4, eightRows, u - 4, v - 4);
        StoreColumns(c1, y - 4 + lumaStride, eightRows, u - 4 + chromaStride, v - 4 + chromaStride);
        StoreColumns(c2, y - 4 + (2 * lumaStride), eightRows, u - 4 + (2 * chromaStride), v - 4 + (2 * chromaStride));
        StoreColumns(c3, y - 4 + (3 * lumaStride), eightRows, u - 4 + (3 * chromaStride), v - 4 + (3 * chromaStride));
        StoreColumns(c4, y - 4 + (4 * lumaStride), eightRows, u - 4 + (4 * chromaStride), v - 4 + (4 * chromaStride));
        StoreColumns(c5, y - 4 + (5 * lumaStride), eightRows, u - 4 + (5 * chromaStride), v - 4 + (5 * chromaStride));
        StoreColumns(c6, y - 4 + (6 * lumaStride), eightRows, u - 4 + (6 * chromaStride), v - 4 + (6 * chromaStride));
        StoreColumns(c7, y - 4 + (7 * lumaStride), eightRows, u - 4 + (7 * chromaStride), v - 4 + (7 * chromaStride));
    }

    // Transposes the 8x8 block in each 64 bits of the eight vectors in place; instructions stay within 128 bits, as the blocks do.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8(
        ref Vector256<byte> r0, ref Vector256<byte> r1, ref Vector256<byte> r2, ref Vector256<byte> r3,
        ref Vector256<byte> r4, ref Vector256<byte> r5, ref Vector256<byte> r6, ref Vector256<byte> r7)
    {
        var (a0, b0) = (Avx2.UnpackLow(r0, r1).AsInt16(), Avx2.UnpackHigh(r0, r1).AsInt16());
        var (a1, b1) = (Avx2.UnpackLow(r2, r3).AsInt16(), Avx2.UnpackHigh(r2, r3).AsInt16());
        var (a2, b2) = (Avx2.UnpackLow(r4, r5).AsInt16(), Avx2.UnpackHigh(r4, r5).AsInt16());
        var (a3, b3) = (Avx2.UnpackLow(r6, r7).AsInt16(), Avx2.UnpackHigh(r6, r7).AsInt16());
        Finish(a0, a1, a2, a3, out var a01, out var a23, out var a45, out var a67);
        Finish(b0, b1, b2, b3, out var b01, out var b23, out var b45, out var b67);
        (r0, r1) = (Avx2.UnpackLow(a01, b01).AsByte(), Avx2.UnpackHigh(a01, b01).AsByte());
        (r2, r3) = (Avx2.UnpackLow(a23, b23).AsByte(), Avx2.UnpackHigh(a23, b23).AsByte());
        (r4, r5) = (Avx2.UnpackLow(a45, b45).AsByte(), Avx2.UnpackHigh(a45, b45).AsByte());
        (r6, r7) = (Avx2.UnpackLow(a67, b67).AsByte(), Avx2.UnpackHigh(a67, b67).AsByte());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(
        Vector256<short> rows01, Vector256<short> rows23, Vector256<short> rows45, Vector256<short> rows67,
        out Vector256<long> columns01, out Vector256<long> columns23, out Vector256<long> columns45, out Vector256<long> columns67)
    {
        var (low0123, high0123) = (Avx2.UnpackLow(rows01, rows23).AsInt32(), Avx2.UnpackHigh(rows01, rows23).AsInt32());
        var (low4567, high4567) = (Avx2.UnpackLow(rows45, rows67).AsInt32(), Avx2.UnpackHigh(rows45, rows67).AsInt32());
        columns01 = Avx2.UnpackLow(low0123, low4567).AsInt64();
        columns23 = Avx2.UnpackHigh(low0123, low4567).AsInt64();
        columns45 = Avx2.UnpackLow(high0123, high4567).AsInt64();
        columns67 = Avx2.UnpackHigh(high0123, high4567).AsInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Filter(
        Vector256<byte> p3, ref Vector256<byte> p2, ref Vector256<byte> p1, ref Vector256<byte> p0,
        ref Vector256<byte> q0, ref Vector256<byte> q1, ref Vector256<byte> q2, Vector256<byte> q3, bool isMacroblockEdge)
    {
        var variation = Vector256.Max(Difference(p1, p0), Difference(q1, q0));
        var roughness = Vector256.Max(
            Vector256.Max(Vector256.Max(Difference(p3, p2), Difference(p2, p1)), Vector256.Max(Difference(q3, q2), Difference(q2, q1))), variation);
        var step = Difference(p0, q0);
        var outerStep = Vector256.ShiftRightLogical(Difference(p1, q1).AsUInt16(), 1).AsByte() & Vector256.Create((byte)0x7F);
        var edge = Vector256.AddSaturate(Vector256.AddSaturate(step, step), outerStep);
        var excess = Vector256.SubtractSaturate(roughness, _interior) | Vector256.SubtractSaturate(edge, _edgeLimit);
        var mask = Vector256.Equals(excess, Vector256<byte>.Zero).AsSByte();
        if (mask == Vector256<sbyte>.Zero)
        {
            return false;
        }

        var smooth = Vector256.Equals(Vector256.SubtractSaturate(variation, _highVariance), Vector256<byte>.Zero).AsSByte();
        var (sp1, sp0, sq0, sq1) = (Signed(p1), Signed(p0), Signed(q0), Signed(q1));
        var value = Vector256.SubtractSaturate(sp1, sq1);
        if (!isMacroblockEdge)
        {
            value = Vector256.AndNot(value, smooth);
        }

        var inner = Vector256.SubtractSaturate(sq0, sp0);
        value = Vector256.AddSaturate(Vector256.AddSaturate(Vector256.AddSaturate(value, inner), inner), inner) & mask;
        if (isMacroblockEdge)
        {
            var (sp2, sq2) = (Signed(p2), Signed(q2));
            FilterInner(Vector256.AndNot(value, smooth), ref sp0, ref sq0, out _);
            FilterOuter(value & smooth, ref sp2, ref sp1, ref sp0, ref sq0, ref sq1, ref sq2);
            (p2, q2) = (Unsigned(sp2), Unsigned(sq2));
        }
        else
        {
            FilterInner(value, ref sp0, ref sq0, out var after);
            var half = ShiftRight(after + Vector256<sbyte>.One, 1, 0x7F) & smooth;
            sp1 = Vector256.AddSaturate(sp1, half);
            sq1 = Vector256.SubtractSaturate(sq1, half);
        }

        (p1, p0, q0, q1) = (Unsigned(sp1), Unsigned(sp0), Unsigned(sq0), Unsigned(sq1));
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FilterInner(Vector256<sbyte> value, ref Vector256<sbyte> p0, ref Vector256<sbyte> q0, out Vector256<sbyte> after)
    {
        after = ShiftRight(Vector256.AddSaturate(value, Vector256.Create((sbyte)4)), 3, 0x1F);
        var before = ShiftRight(Vector256.AddSaturate(value, Vector256.Create((sbyte)3)), 3, 0x1F);
        q0 = Vector256.SubtractSaturate(q0, after);
        p0 = Vector256.AddSaturate(p0, before);
    }

    // 27, 18 and 9 parts of 128 for the first, second and third pixel from the edge. Widening and narrowing keep to 128 bits alike.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FilterOuter(
        Vector256<sbyte> value, ref Vector256<sbyte> p2, ref Vector256<sbyte> p1, ref Vector256<sbyte> p0,
        ref Vector256<sbyte> q0, ref Vector256<sbyte> q1, ref Vector256<sbyte> q2)
    {
        var low = Vector256.ShiftRightArithmetic(Avx2.UnpackLow(value, value).AsInt16(), 8);
        var high = Vector256.ShiftRightArithmetic(Avx2.UnpackHigh(value, value).AsInt16(), 8);
        var (low9, high9) = (low * (short)9, high * (short)9);
        var (lowSum, highSum) = (low9 + Vector256.Create((short)63), high9 + Vector256.Create((short)63));
        var third = Avx2.PackSignedSaturate(Vector256.ShiftRightArithmetic(lowSum, 7), Vector256.ShiftRightArithmetic(highSum, 7));
        (lowSum, highSum) = (lowSum + low9, highSum + high9);
        var second = Avx2.PackSignedSaturate(Vector256.ShiftRightArithmetic(lowSum, 7), Vector256.ShiftRightArithmetic(highSum, 7));
        (lowSum, highSum) = (lowSum + low9, highSum + high9);
        var first = Avx2.PackSignedSaturate(Vector256.ShiftRightArithmetic(lowSum, 7), Vector256.ShiftRightArithmetic(highSum, 7));
        (p0, q0) = (Vector256.AddSaturate(p0, first), Vector256.SubtractSaturate(q0, first));
        (p1, q1) = (Vector256.AddSaturate(p1, second), Vector256.SubtractSaturate(q1, second));
        (p2, q2) = (Vector256.AddSaturate(p2, third), Vector256.SubtractSaturate(q2, third));
    }

    // An arithmetic shift of bytes by way of 16-bit lanes; keep is what remains of a byte.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<sbyte> ShiftRight(Vector256<sbyte> value, int count, byte keep)
    {
        var offset = Vector256.ShiftRightLogical((value.AsByte() ^ Vector256.Create((byte)0x80)).AsUInt16(), count).AsByte() & Vector256.Create(keep);
        return (offset - Vector256.Create((byte)(0x80 >> count))).AsSByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Difference(Vector256<byte> a, Vector256<byte> b) => Vector256.Max(a, b) - Vector256.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<sbyte> Signed(Vector256<byte> value) => (value ^ Vector256.Create((byte)0x80)).AsSByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Unsigned(Vector256<sbyte> value) => value.AsByte() ^ Vector256.Create((byte)0x80);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> LoadRow(byte* y, byte* u, byte* v) => Vector256.Create(Vector128.Load(y), LoadHalves(u, v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> LoadColumns(byte* y, nint eightRows, byte* u, byte* v) =>
        Vector256.Create(LoadHalves(y, y + eightRows), LoadHalves(u, v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> LoadHalves(byte* first, byte* second) =>
        Vector128.Create(Unsafe.ReadUnaligned<ulong>(first), Unsafe.ReadUnaligned<ulong>(second)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow(Vector256<byte> value, byte* y, byte* u, byte* v)
    {
        value.GetLower().Store(y);
        StoreHalves(value.GetUpper(), u, v);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreColumns(Vector256<byte> value, byte* y, nint eightRows, byte* u, byte* v)
    {
        StoreHalves(value.GetLower(), y, y + eightRows);
        StoreHalves(value.GetUpper(), u, v);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreHalves(Vector128<byte> value, byte* first, byte* second)
    {
        Unsafe.WriteUnaligned(first, value.AsUInt64().ToScalar());
        Unsafe.WriteUnaligned(second, value.AsUInt64().GetElement(1));
    }
}
