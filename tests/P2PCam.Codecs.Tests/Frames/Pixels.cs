namespace P2PCam.Codecs.Tests.Frames;

/// <summary>Pictures for tests: the same bytes every time.</summary>
internal static class Pixels
{
    public static byte[] Random(int count, int seed)
    {
        var pixels = new byte[count];
        new Random(seed).NextBytes(pixels);
        return pixels;
    }

    public static VideoFrame RandomFrame(int width, int height, PixelFormat format, int seed = 1) =>
        VideoFrame.Copy(Random(VideoFrame.GetByteCount(width, height, format), seed), width, height, format, TimeSpan.FromSeconds(seed));

    /// <summary>An RGB24 picture of smooth colour, in which no converter's choice of filter matters much.</summary>
    public static byte[] SmoothRgb(int width, int height)
    {
        var rgb = new byte[3 * width * height];
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
            {
                var at = 3 * ((row * width) + column);
                rgb[at] = (byte)(255 * column / (width - 1));
                rgb[at + 1] = (byte)(255 * row / (height - 1));
                rgb[at + 2] = (byte)(255 * (width - 1 - column + row) / (width + height - 2));
            }
        }

        return rgb;
    }

    public static byte[] ToArray(VideoFrame frame)
    {
        var bytes = new List<byte>();
        for (var plane = 0; plane < frame.PlaneCount; plane++)
        {
            bytes.AddRange(frame.GetPlane(plane));
        }

        return [.. bytes];
    }
}
