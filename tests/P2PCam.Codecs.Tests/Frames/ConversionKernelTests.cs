using P2PCam.Codecs.Frames.Conversion;

namespace P2PCam.Codecs.Tests.Frames;

/// <summary>Each vector kernel gives the bytes of its scalar twin, whatever is left over at the end of a row.</summary>
public class ConversionKernelTests
{
    public static TheoryData<int> Widths => [.. Enumerable.Range(1, 70)];

    [Theory, MemberData(nameof(Widths))]
    public void Split_EqualsScalar(int width)
    {
        var pairs = Pixels.Random(2 * width, width);
        Same(width, width, (u, v) => Nv12ToI420.Split(pairs, u, v), (u, v) => Nv12ToI420.SplitScalar(pairs, u, v));
    }

    [Theory, MemberData(nameof(Widths))]
    public void Yuy2_EqualsScalar(int width)
    {
        var half = (width + 1) / 2;
        var (upper, lower) = (Pixels.Random(4 * half, width), Pixels.Random(4 * half, -width));
        Same(width, 0, (y, _) => Yuy2ToI420.Luma(upper, y), (y, _) => Yuy2ToI420.LumaScalar(upper, y));
        Same(half, half, (u, v) => Yuy2ToI420.Chroma(upper, lower, u, v), (u, v) => Yuy2ToI420.ChromaScalar(upper, lower, u, v));
    }

    [Theory, MemberData(nameof(Widths))]
    public void BgraToI420_EqualsScalar(int width) => RgbToI420EqualsScalar<Bgra32Pixel>(width);

    [Theory, MemberData(nameof(Widths))]
    public void RgbToI420_EqualsScalar(int width) => RgbToI420EqualsScalar<Rgb24Pixel>(width);

    [Theory, MemberData(nameof(Widths))]
    public void I420ToBgra_EqualsScalar(int width) => I420ToRgbEqualsScalar<Bgra32Pixel>(width);

    [Theory, MemberData(nameof(Widths))]
    public void I420ToRgb_EqualsScalar(int width) => I420ToRgbEqualsScalar<Rgb24Pixel>(width);

    private static void RgbToI420EqualsScalar<TPixel>(int width)
        where TPixel : struct, IRgbPixel
    {
        var half = (width + 1) / 2;
        foreach (var (upper, lower) in RowPairs(TPixel.Stride * width, width))
        {
            Same(width, 0, (y, _) => RgbToI420.Luma<TPixel>(upper, y), (y, _) => RgbToI420.LumaScalar<TPixel>(upper, y));
            Same(
                half,
                half,
                (u, v) => RgbToI420.Chroma<TPixel>(upper, lower, u, v, width),
                (u, v) => RgbToI420.ChromaScalar<TPixel>(upper, lower, u, v, width));
        }
    }

    private static void I420ToRgbEqualsScalar<TPixel>(int width)
        where TPixel : struct, IRgbPixel
    {
        var half = (width + 1) / 2;
        foreach (var (luma, chroma) in RowPairs(Math.Max(width, 2 * half), width))
        {
            Same(
                TPixel.Stride * width,
                0,
                (rgb, _) => I420ToRgb.Row<TPixel>(luma.AsSpan(0, width), chroma.AsSpan(0, half), chroma.AsSpan(half, half), rgb),
                (rgb, _) => I420ToRgb.RowScalar<TPixel>(luma.AsSpan(0, width), chroma.AsSpan(0, half), chroma.AsSpan(half, half), rgb));
        }
    }

    /// <summary>Noise, and the extremes, at which sums are nearest to overflowing.</summary>
    private static IEnumerable<(byte[] First, byte[] Second)> RowPairs(int length, int seed)
    {
        byte[] Flat(byte value) => [.. Enumerable.Repeat(value, length)];
        byte[] Extremes(int s) => [.. Pixels.Random(length, s).Select(b => b < 128 ? (byte)0 : (byte)255)];
        return
        [
            (Pixels.Random(length, seed), Pixels.Random(length, -seed)),
            (Flat(0), Flat(255)),
            (Flat(255), Flat(255)),
            (Extremes(seed), Extremes(-seed)),
        ];
    }

    private delegate void Kernel(Span<byte> first, Span<byte> second);

    private static void Same(int firstLength, int secondLength, Kernel vector, Kernel scalar)
    {
        var (first, second) = (new byte[firstLength], new byte[secondLength]);
        var (expectedFirst, expectedSecond) = (new byte[firstLength], new byte[secondLength]);
        vector(first, second);
        scalar(expectedFirst, expectedSecond);
        Assert.Equal(expectedFirst, first);
        Assert.Equal(expectedSecond, second);
    }
}
