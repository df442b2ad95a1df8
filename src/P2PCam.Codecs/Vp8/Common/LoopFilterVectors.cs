using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace P2PCam.Codecs.Vp8.Common;

/// <summary>
/// The normal loop filter on sixteen positions at once (RFC 6386 section 15.3), as two runs of eight: the halves of a luma edge or
/// the same edge of U and V.
/// </summary>
internal readonly unsafe struct LoopFilterVectors(byte edgeLimit, in LoopFilterLimits limits)
{
    private readonly Vector128<byte> _edgeLimit = Vector128.Create(edgeLimit);
    private readonly Vector128<byte> _interior = Vector128.Create(limits.Interior);
    private readonly Vector128<byte> _highVariance = Vector128.Create(limits.HighVariance);

    /// <summary>A horizontal edge: <paramref name="first"/> and <paramref name="second"/> are the first pixels below it.</summary>
    public void FilterRows(byte* first, byte* second, int stride, bool isMacroblockEdge)
    {
        var p3 = LoadHalves(first - (4 * stride), second - (4 * stride));
        var p2 = LoadHalves(first - (3 * stride), second - (3 * stride));
        var p1 = LoadHalves(first - (2 * stride), second - (2 * stride));
        var p0 = LoadHalves(first - stride, second - stride);
        var q0 = LoadHalves(first, second);
        var q1 = LoadHalves(first + stride, second + stride);
        var q2 = LoadHalves(first + (2 * stride), second + (2 * stride));
        var q3 = LoadHalves(first + (3 * stride), second + (3 * stride));
        if (!Filter(p3, ref p2, ref p1, ref p0, ref q0, ref q1, ref q2, q3, isMacroblockEdge))
        {
            return;
        }

        if (isMacroblockEdge)
        {
            StoreHalves(p2, first - (3 * stride), second - (3 * stride));
            StoreHalves(q2, first + (2 * stride), second + (2 * stride));
        }

        StoreHalves(p1, first - (2 * stride), second - (2 * stride));
        StoreHalves(p0, first - stride, second - stride);
        StoreHalves(q0, first, second);
        StoreHalves(q1, first + stride, second + stride);
    }

    /// <summary>A vertical edge: the pixels right of it, eight rows from <paramref name="first"/> and eight from <paramref name="second"/>.</summary>
    public void FilterColumns(byte* first, byte* second, int stride, bool isMacroblockEdge)
    {
        // Rows r and r+8 share a vector; after the transposition vector k holds column k of all sixteen rows.
        var c0 = LoadHalves(first - 4, second - 4);
        var c1 = LoadHalves(first - 4 + stride, second - 4 + stride);
        var c2 = LoadHalves(first - 4 + (2 * stride), second - 4 + (2 * stride));
        var c3 = LoadHalves(first - 4 + (3 * stride), second - 4 + (3 * stride));
        var c4 = LoadHalves(first - 4 + (4 * stride), second - 4 + (4 * stride));
        var c5 = LoadHalves(first - 4 + (5 * stride), second - 4 + (5 * stride));
        var c6 = LoadHalves(first - 4 + (6 * stride), second - 4 + (6 * stride));
        var c7 = LoadHalves(first - 4 + (7 * stride), second - 4 + (7 * stride));
        Transpose8(ref c0, ref c1, ref c2, ref c3, ref c4, ref c5, ref c6, ref c7);
        if (!Filter(c0, ref c1, ref c2, ref c3, ref c4, ref c5, ref c6, c7, isMacroblockEdge))
        {
            return;
        }

        Transpose8(ref c0, ref c1, ref c2, ref c3, ref c4, ref c5, ref c6, ref c7);
        StoreHalves(c0, first - 4, second - 4);
        StoreHalves(c1, first - 4 + stride, second - 4 + stride);
        StoreHalves(c2, first - 4 + (2 * stride), second - 4 + (2 * stride));
        StoreHalves(c3, first - 4 + (3 * stride), second - 4 + (3 * stride));
        StoreHalves(c4, first - 4 + (4 * stride), second - 4 + (4 * stride));
        StoreHalves(c5, first - 4 + (5 * stride), second - 4 + (5 * stride));
        StoreHalves(c6, first - 4 + (6 * stride), second - 4 + (6 * stride));
        StoreHalves(c7, first - 4 + (7 * stride), second - 4 + (7 * stride));
    }

    // Transposes the 8x8 block in the lower halves and the one in the upper halves, each in place.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8(
        ref Vector128<byte> r0, ref Vector128<byte> r1, ref Vector128<byte> r2, ref Vector128<byte> r3,
        ref Vector128<byte> r4, ref Vector128<byte> r5, ref Vector128<byte> r6, ref Vector128<byte> r7)
    {
        var (a0, b0) = (VectorMath.ZipLow(r0, r1).AsInt16(), VectorMath.ZipHigh(r0, r1).AsInt16());
        var (a1, b1) = (VectorMath.ZipLow(r2, r3).AsInt16(), VectorMath.ZipHigh(r2, r3).AsInt16());
        var (a2, b2) = (VectorMath.ZipLow(r4, r5).AsInt16(), VectorMath.ZipHigh(r4, r5).AsInt16());
        var (a3, b3) = (VectorMath.ZipLow(r6, r7).AsInt16(), VectorMath.ZipHigh(r6, r7).AsInt16());
        Finish(a0, a1, a2, a3, out var a01, out var a23, out var a45, out var a67);
        Finish(b0, b1, b2, b3, out var b01, out var b23, out var b45, out var b67);
        (r0, r1) = (VectorMath.ZipLow(a01, b01).AsByte(), VectorMath.ZipHigh(a01, b01).AsByte());
        (r2, r3) = (VectorMath.ZipLow(a23, b23).AsByte(), VectorMath.ZipHigh(a23, b23).AsByte());
        (r4, r5) = (VectorMath.ZipLow(a45, b45).AsByte(), VectorMath.ZipHigh(a45, b45).AsByte());
        (r6, r7) = (VectorMath.ZipLow(a67, b67).AsByte(), VectorMath.ZipHigh(a67, b67).AsByte());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(
        Vector128<short> rows01, Vector128<short> rows23, Vector128<short> rows45, Vector128<short> rows67,
        out Vector128<long> columns01, out Vector128<long> columns23, out Vector128<long> columns45, out Vector128<long> columns67)
    {
        var (low0123, high0123) = (VectorMath.ZipLow(rows01, rows23).AsInt32(), VectorMath.ZipHigh(rows01, rows23).AsInt32());
        var (low4567, high4567) = (VectorMath.ZipLow(rows45, rows67).AsInt32(), VectorMath.ZipHigh(rows45, rows67).AsInt32());
        columns01 = VectorMath.ZipLow(low0123, low4567).AsInt64();
        columns23 = VectorMath.ZipHigh(low0123, low4567).AsInt64();
        columns45 = VectorMath.ZipLow(high0123, high4567).AsInt64();
        columns67 = VectorMath.ZipHigh(high0123, high4567).AsInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Filter(
        Vector128<byte> p3, ref Vector128<byte> p2, ref Vector128<byte> p1, ref Vector128<byte> p0,
        ref Vector128<byte> q0, ref Vector128<byte> q1, ref Vector128<byte> q2, Vector128<byte> q3, bool isMacroblockEdge)
    {
        var variation = Vector128.Max(Difference(p1, p0), Difference(q1, q0));
        var roughness = Vector128.Max(
            Vector128.Max(Vector128.Max(Difference(p3, p2), Difference(p2, p1)), Vector128.Max(Difference(q3, q2), Difference(q2, q1))), variation);
        var step = Difference(p0, q0);
        var outerStep = Vector128.ShiftRightLogical(Difference(p1, q1).AsUInt16(), 1).AsByte() & Vector128.Create((byte)0x7F);
        var edge = Vector128.AddSaturate(Vector128.AddSaturate(step, step), outerStep);
        var excess = Vector128.SubtractSaturate(roughness, _interior) | Vector128.SubtractSaturate(edge, _edgeLimit);
        var mask = Vector128.Equals(excess, Vector128<byte>.Zero).AsSByte();
        if (mask == Vector128<sbyte>.Zero)
        {
            return false;
        }

        var smooth = Vector128.Equals(Vector128.SubtractSaturate(variation, _highVariance), Vector128<byte>.Zero).AsSByte();
        var (sp1, sp0, sq0, sq1) = (Signed(p1), Signed(p0), Signed(q0), Signed(q1));
        var value = Vector128.SubtractSaturate(sp1, sq1);
        if (!isMacroblockEdge)
        {
            value = Vector128.AndNot(value, smooth);
        }

        var inner = Vector128.SubtractSaturate(sq0, sp0);
        value = Vector128.AddSaturate(Vector128.AddSaturate(Vector128.AddSaturate(value, inner), inner), inner) & mask;
        if (isMacroblockEdge)
        {
            var (sp2, sq2) = (Signed(p2), Signed(q2));
            FilterInner(Vector128.AndNot(value, smooth), ref sp0, ref sq0, out _);
            FilterWide(value & smooth, ref sp2, ref sp1, ref sp0, ref sq0, ref sq1, ref sq2);
            (p2, q2) = (Unsigned(sp2), Unsigned(sq2));
        }
        else
        {
            FilterInner(value, ref sp0, ref sq0, out var after);
            var half = ShiftRight(after + Vector128<sbyte>.One, 1, 0x7F) & smooth;
            sp1 = Vector128.AddSaturate(sp1, half);
            sq1 = Vector128.SubtractSaturate(sq1, half);
        }

        (p1, p0, q0, q1) = (Unsigned(sp1), Unsigned(sp0), Unsigned(sq0), Unsigned(sq1));
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FilterInner(Vector128<sbyte> value, ref Vector128<sbyte> p0, ref Vector128<sbyte> q0, out Vector128<sbyte> after)
    {
        after = ShiftRight(Vector128.AddSaturate(value, Vector128.Create((sbyte)4)), 3, 0x1F);
        var before = ShiftRight(Vector128.AddSaturate(value, Vector128.Create((sbyte)3)), 3, 0x1F);
        q0 = Vector128.SubtractSaturate(q0, after);
        p0 = Vector128.AddSaturate(p0, before);
    }

    // 27, 18 and 9 parts of 128 for the first, second and third pixel from the edge.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FilterWide(
        Vector128<sbyte> value, ref Vector128<sbyte> p2, ref Vector128<sbyte> p1, ref Vector128<sbyte> p0,
        ref Vector128<sbyte> q0, ref Vector128<sbyte> q1, ref Vector128<sbyte> q2)
    {
        var (low, high) = Vector128.Widen(value);
        var (low9, high9) = (low * (short)9, high * (short)9);
        var (lowSum, highSum) = (low9 + Vector128.Create((short)63), high9 + Vector128.Create((short)63));
        var third = Vector128.Narrow(Vector128.ShiftRightArithmetic(lowSum, 7), Vector128.ShiftRightArithmetic(highSum, 7));
        (lowSum, highSum) = (lowSum + low9, highSum + high9);
        var second = Vector128.Narrow(Vector128.ShiftRightArithmetic(lowSum, 7), Vector128.ShiftRightArithmetic(highSum, 7));
        (lowSum, highSum) = (lowSum + low9, highSum + high9);
        var first = Vector128.Narrow(Vector128.ShiftRightArithmetic(lowSum, 7), Vector128.ShiftRightArithmetic(highSum, 7));
        (p0, q0) = (Vector128.AddSaturate(p0, first), Vector128.SubtractSaturate(q0, first));
        (p1, q1) = (Vector128.AddSaturate(p1, second), Vector128.SubtractSaturate(q1, second));
        (p2, q2) = (Vector128.AddSaturate(p2, third), Vector128.SubtractSaturate(q2, third));
    }

    // An arithmetic shift of bytes by way of 16-bit lanes; keep is what remains of a byte.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<sbyte> ShiftRight(Vector128<sbyte> value, int count, byte keep)
    {
        var offset = Vector128.ShiftRightLogical((value.AsByte() ^ Vector128.Create((byte)0x80)).AsUInt16(), count).AsByte() & Vector128.Create(keep);
        return (offset - Vector128.Create((byte)(0x80 >> count))).AsSByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Difference(Vector128<byte> a, Vector128<byte> b) => Vector128.Max(a, b) - Vector128.Min(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<sbyte> Signed(Vector128<byte> value) => (value ^ Vector128.Create((byte)0x80)).AsSByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Unsigned(Vector128<sbyte> value) => value.AsByte() ^ Vector128.Create((byte)0x80);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> LoadHalves(byte* first, byte* second) =>
        Vector128.Create(Unsafe.ReadUnaligned<ulong>(first), Unsafe.ReadUnaligned<ulong>(second)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreHalves(Vector128<byte> value, byte* first, byte* second)
    {
        Unsafe.WriteUnaligned(first, value.AsUInt64().ToScalar());
        Unsafe.WriteUnaligned(second, value.AsUInt64().GetElement(1));
    }
}
