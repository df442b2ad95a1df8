using P2PCam.Codecs.Frames;
using P2PCam.TestKit.Measuring;

namespace P2PCam.Codecs.Tests.Frames;

public class FrameConverterTests
{
    [Fact]
    public void ToI420_OfI420_IsTheSameFrameWithOneMoreOwner()
    {
        var frame = Pixels.RandomFrame(6, 4, PixelFormat.I420);
        var same = FrameConverter.ToI420(frame);
        frame.Dispose();
        Assert.Same(frame, same);
        Assert.Equal(24, same.GetPlane(0).Length);
        same.Dispose();
        Assert.Throws<ObjectDisposedException>(() => FrameConverter.ToI420(same));
    }

    /// <summary>Each sample against the definition, through whole frames: widths around the vector sizes, odd and even heights.</summary>
    [Theory]
    [InlineData(PixelFormat.Nv12)]
    [InlineData(PixelFormat.Yuy2)]
    [InlineData(PixelFormat.Bgra32)]
    [InlineData(PixelFormat.Rgb24)]
    public void ToI420_OfAnySize_EqualsTheDefinition(PixelFormat format)
    {
        var (widths, heights) = (new[] { 1, 2, 3, 15, 16, 17, 31, 33, 49, 70 }, new[] { 1, 2, 3, 5, 8 });
        foreach (var (width, height) in from w in widths from h in heights select (w, h))
        {
            using var source = Pixels.RandomFrame(width, height, format, seed: (width * 100) + height);
            using var result = FrameConverter.ToI420(source);
            Assert.Equal((PixelFormat.I420, width, height), (result.Format, result.Width, result.Height));
            Assert.Equal(source.Timestamp, result.Timestamp);
            var (halfWidth, halfHeight) = ((width + 1) / 2, (height + 1) / 2);
            for (var row = 0; row < height; row++)
            {
                for (var column = 0; column < width; column++)
                {
                    var luma = result.GetPlane(0)[(row * width) + column];
                    Assert.InRange(luma - Definition.Luma(source, column, row), -1, 1);
                }
            }

            for (var at = 0; at < halfWidth * halfHeight; at++)
            {
                var (u, v) = Definition.Chroma(source, at % halfWidth, at / halfWidth);
                Assert.InRange(result.GetPlane(1)[at] - u, -1, 1);
                Assert.InRange(result.GetPlane(2)[at] - v, -1, 1);
            }
        }
    }

    [Fact]
    public void RgbToI420AndBack_OfFlatColours_StaysWithinThree()
    {
        for (var (seed, random) = (0, new Random(5)); seed < 200; seed++)
        {
            var color = new byte[3];
            random.NextBytes(color);
            using var source = VideoFrame.Copy([.. Enumerable.Repeat(color, 8).SelectMany(c => c)], 4, 2, PixelFormat.Rgb24, default);
            using var yuv = FrameConverter.ToI420(source);
            using var back = FrameConverter.Convert(yuv, PixelFormat.Rgb24);
            using var bgra = FrameConverter.Convert(yuv, PixelFormat.Bgra32);
            for (var channel = 0; channel < 3; channel++)
            {
                Assert.InRange(back.GetPlane(0)[3 + channel] - color[channel], -3, 3);
                Assert.Equal(back.GetPlane(0)[3 + channel], bgra.GetPlane(0)[4 + 2 - channel]);
            }

            Assert.Equal(255, bgra.GetPlane(0)[7]);
        }
    }

    [Theory]
    [InlineData(PixelFormat.Bgra32, PixelFormat.Rgb24)]
    [InlineData(PixelFormat.I420, PixelFormat.Nv12)]
    public void Convert_ThatDoesNotExist_SaysSo(PixelFormat from, PixelFormat to)
    {
        using var frame = Pixels.RandomFrame(4, 4, from);
        var error = Assert.Throws<NotSupportedException>(() => FrameConverter.Convert(frame, to));
        Assert.Contains($"from {from} to {to}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToI420_InTheSteadyState_AllocatesTheFrameObjectOnly()
    {
        using var source = Pixels.RandomFrame(640, 360, PixelFormat.Bgra32);
        FrameConverter.ToI420(source).Dispose();
        Assert.InRange(SteadyState.LeastAllocated(50, () => FrameConverter.ToI420(source).Dispose()), 50, 50 * 200);
    }
}
