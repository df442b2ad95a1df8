using P2PCam.Codecs.Frames;
using P2PCam.Codecs.Frames.Scaling;
using P2PCam.TestKit.Measuring;

namespace P2PCam.Codecs.Tests.Frames;

public class FrameScalerTests
{
    public static TheoryData<int> Widths => [.. Enumerable.Range(1, 70)];

    [Theory, MemberData(nameof(Widths))]
    public void Down_EqualsScalar(int width)
    {
        foreach (short[] weights in new short[][] { [16384], [1, 16383], [8192, 8192], [5461, 5462, 5461] })
        {
            var rows = Pixels.Random(weights.Length * width, width);
            var (vector, scalar) = (new ushort[width], new ushort[width]);
            ScalingKernels.Down(rows, width, weights, vector);
            ScalingKernels.DownScalar(rows, width, weights, scalar);
            Assert.Equal(scalar, vector);
        }
    }

    [Theory, MemberData(nameof(Widths))]
    public void Halve_EqualsScalarAndTheGeneralFilter(int width)
    {
        var rows = Pixels.Random(4 * width, width);
        var (vector, scalar, filtered) = (new byte[width], new byte[width], new byte[width]);
        ScalingKernels.Halve(rows.AsSpan(0, 2 * width), rows.AsSpan(2 * width), vector);
        ScalingKernels.HalveScalar(rows.AsSpan(0, 2 * width), rows.AsSpan(2 * width), scalar);
        new PlaneScaler(2 * width, 2, width, 1).ScaleByFilter(rows, filtered);
        Assert.Equal(scalar, vector);
        Assert.Equal(filtered, vector);
    }

    [Fact]
    public void FilterTable_OfAnyLengths_AddsUpToOneAndStaysInside()
    {
        foreach (var (from, to) in from f in Enumerable.Range(1, 40) from t in Enumerable.Range(1, 40) select (f, t))
        {
            var table = new FilterTable(from, to);
            for (var i = 0; i < to; i++)
            {
                var weights = table.Weights(i).ToArray();
                Assert.Equal(FilterTable.One, weights.Sum(w => w));
                Assert.All(weights, w => Assert.InRange(w, 0, FilterTable.One));
                Assert.InRange(table.Start(i), 0, from - weights.Length);
            }
        }
    }

    [Theory]
    [InlineData(1, 1, 70, 3)]
    [InlineData(37, 21, 64, 48)]
    [InlineData(64, 48, 37, 21)]
    [InlineData(64, 48, 32, 24)]
    [InlineData(50, 10, 7, 31)]
    [InlineData(33, 17, 1, 1)]
    public void Scale_OfAFlatPicture_StaysFlat(int fromWidth, int fromHeight, int toWidth, int toHeight)
    {
        var layout = FrameLayout.For(PixelFormat.I420, fromWidth, fromHeight);
        var pixels = new byte[layout.Size];
        pixels.AsSpan(0, layout.Offset1).Fill(255);
        pixels.AsSpan(layout.Offset1..layout.Offset2).Fill(3);
        pixels.AsSpan(layout.Offset2).Fill(77);
        using var frame = VideoFrame.Wrap(pixels, fromWidth, fromHeight, PixelFormat.I420, TimeSpan.FromSeconds(3));
        using var scaled = new FrameScaler(fromWidth, fromHeight, toWidth, toHeight).Scale(frame);

        Assert.Equal((toWidth, toHeight, TimeSpan.FromSeconds(3)), (scaled.Width, scaled.Height, scaled.Timestamp));
        Assert.Equal(-1, scaled.GetPlane(0).IndexOfAnyExcept((byte)255));
        Assert.Equal(-1, scaled.GetPlane(1).IndexOfAnyExcept((byte)3));
        Assert.Equal(-1, scaled.GetPlane(2).IndexOfAnyExcept((byte)77));
    }

    [Fact]
    public void Scale_Up_InterpolatesAlongALine()
    {
        var line = new byte[4];
        new PlaneScaler(2, 1, 4, 1).Scale([0, 200], line);
        Assert.Equal([0, 50, 150, 200], line);
    }

    [Fact]
    public void Scale_DownByAThird_WeighsByCoveredLength()
    {
        var line = new byte[2];
        new PlaneScaler(3, 1, 2, 1).Scale([30, 90, 240], line);
        Assert.Equal([50, 190], line);
    }

    [Fact]
    public void Scale_ToTheSameSize_SharesTheFrame()
    {
        var frame = Pixels.RandomFrame(6, 4, PixelFormat.I420);
        var same = new FrameScaler(6, 4, 6, 4).Scale(frame);
        frame.Dispose();
        Assert.Same(frame, same);
        same.Dispose();
        Assert.Throws<ObjectDisposedException>(frame.AddReference);
    }

    [Fact]
    public void Scale_OfAnotherSizeOrFormat_SaysWhatItTakes()
    {
        var scaler = new FrameScaler(6, 4, 3, 2);
        using var larger = Pixels.RandomFrame(8, 4, PixelFormat.I420);
        using var packed = Pixels.RandomFrame(6, 4, PixelFormat.Rgb24);
        Assert.Contains("6x4", Assert.Throws<ArgumentException>("frame", () => scaler.Scale(larger)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("frame", () => scaler.Scale(packed));
    }

    [Fact]
    public void Scale_InTheSteadyState_AllocatesTheFrameObjectOnly()
    {
        using var frame = Pixels.RandomFrame(320, 180, PixelFormat.I420);
        var scaler = new FrameScaler(320, 180, 200, 100);
        scaler.Scale(frame).Dispose();

        Assert.InRange(SteadyState.LeastAllocated(50, () => scaler.Scale(frame).Dispose()), 50, 50 * 200);
    }
}
