using P2PCam;

namespace VideoTool.Containers;

/// <summary>
/// Brings a picture to another size, bilinear. A file of pictures has one size; a VP8 stream may change it at any key frame.
/// </summary>
internal static class PictureScaler
{
    public static VideoFrame Scale(VideoFrame picture, int width, int height)
    {
        var result = VideoFrame.Rent(width, height, PixelFormat.I420, picture.Timestamp, out var memory);
        var pixels = memory.Span;
        for (var plane = 0; plane < 3; plane++)
        {
            var (from, to) = (SizeOf(plane, picture.Width, picture.Height), SizeOf(plane, width, height));
            Scale(picture.GetPlane(plane), from, pixels, to);
            pixels = pixels[(to.Width * to.Height)..];
        }

        return result;
    }

    private static (int Width, int Height) SizeOf(int plane, int width, int height) =>
        plane == 0 ? (width, height) : ((width + 1) / 2, (height + 1) / 2);

    private static void Scale(ReadOnlySpan<byte> source, (int Width, int Height) from, Span<byte> target, (int Width, int Height) to)
    {
        for (var y = 0; y < to.Height; y++)
        {
            var (top, bottom, down) = Place(y, from.Height, to.Height);
            var above = source.Slice(top * from.Width, from.Width);
            var below = source.Slice(bottom * from.Width, from.Width);
            for (var x = 0; x < to.Width; x++)
            {
                var (left, right, across) = Place(x, from.Width, to.Width);
                var (upper, lower) = (Between(above[left], above[right], across), Between(below[left], below[right], across));
                target[(y * to.Width) + x] = (byte)(Between(upper, lower, down) + 0.5f);
            }
        }
    }

    // Centres lie over centres; beyond the edge the last sample stands.
    private static (int First, int Second, float Share) Place(int index, int from, int to)
    {
        var place = Math.Clamp((((index + 0.5f) * from) / to) - 0.5f, 0, from - 1);
        return ((int)place, Math.Min((int)place + 1, from - 1), place - (int)place);
    }

    private static float Between(float a, float b, float share) => a + ((b - a) * share);
}
