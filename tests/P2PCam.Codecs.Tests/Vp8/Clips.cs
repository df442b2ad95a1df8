using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Tests.Vp8;

/// <summary>Synthetic pictures, the same in every run.</summary>
internal static class Clips
{
    public enum Content
    {
        /// <summary>One picture that never changes.</summary>
        Static,

        /// <summary>A textured plane that pans by fractions of a pixel, under a box that moves the other way.</summary>
        Moving,

        /// <summary>Random pixels, new in each frame.</summary>
        Noise,

        /// <summary>Moving, but another picture every seven frames.</summary>
        SceneCuts,

        /// <summary>Like text on a screen: dark strokes on white that jump upwards every fifth frame and are others every ninth.</summary>
        Glyphs,
    }

    public static VideoFrame Make(Content content, int width, int height, int index)
    {
        var frame = VideoFrame.Rent(width, height, PixelFormat.I420, TimeSpan.FromSeconds(index / 30.0), out var memory);
        var pixels = memory.Span;
        var (halfWidth, halfHeight) = ((width + 1) / 2, (height + 1) / 2);
        if (content == Content.Noise)
        {
            new Random(index + 1).NextBytes(pixels);
            return frame;
        }

        if (content == Content.Glyphs)
        {
            pixels[(width * height)..].Fill(128);
            Write(pixels, width, height, index / 9, index / 5 * 38);
            return frame;
        }

        var time = content == Content.Static ? 0 : index;
        var scene = content == Content.SceneCuts ? index / 7 : 0;
        Paint(pixels[..(width * height)], width, height, 1, time, scene * 40);
        Paint(pixels.Slice(width * height, halfWidth * halfHeight), halfWidth, halfHeight, 2, time, 90 + (scene * 17));
        Paint(pixels[((width * height) + (halfWidth * halfHeight))..], halfWidth, halfHeight, 2, time, 170 + (scene * 29));
        return frame;
    }

    public static unsafe byte[] Pixels(FrameBuffer buffer, int width, int height)
    {
        var pixels = new byte[VideoFrame.GetByteCount(width, height, PixelFormat.I420)];
        var position = 0;
        Copy(buffer.Y, width, height);
        Copy(buffer.U, (width + 1) / 2, (height + 1) / 2);
        Copy(buffer.V, (width + 1) / 2, (height + 1) / 2);
        return pixels;

        void Copy(Plane plane, int planeWidth, int planeHeight)
        {
            for (var y = 0; y < planeHeight; y++, position += planeWidth)
            {
                new ReadOnlySpan<byte>(plane.At(0, y), planeWidth).CopyTo(pixels.AsSpan(position));
            }
        }
    }

    /// <summary>PSNR of the first <paramref name="count"/> bytes in dB.</summary>
    public static double Psnr(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, int count)
    {
        long squares = 0;
        for (var i = 0; i < count; i++)
        {
            squares += (a[i] - b[i]) * (a[i] - b[i]);
        }

        return squares == 0 ? 99 : 10 * Math.Log10(255.0 * 255 * count / squares);
    }

    /// <summary>Cells of 9x19 pixels, each with strokes that follow from its number.</summary>
    public static void Write(Span<byte> plane, int width, int height, int page, int scrolled)
    {
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (row, column) = ((y + scrolled) / 19, x / 9);
                var glyph = (uint)((row * 7919) + (column * 104_729) + (page * 1_299_709)) * 2_654_435_761u;
                var (line, place) = ((y + scrolled) % 19 / 3, x % 9 / 2);
                var isInk = line is > 0 and < 6 && place < 4 && ((glyph >> (int)((line * 4) + place)) & 1) != 0 && glyph % 5 != 0;
                plane[(y * width) + x] = (byte)(isInk ? 32 : 255);
            }
        }
    }

    private static void Paint(Span<byte> plane, int width, int height, int scale, int time, int shift)
    {
        var (panX, panY) = (time * 1.3, time * 0.6);
        var (boxX, boxY) = ((width / 2) - (time * 3 / scale), (height / 3) + (time / scale));
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (u, v) = ((x * scale) + panX, (y * scale) + panY);
                var value = 128 + (50 * Math.Sin((u * 0.11) + shift)) + (40 * Math.Sin((v * 0.17) + (u * 0.03))) + (20 * Math.Sin(u * v * 0.01));
                var inBox = x >= boxX && x < boxX + (width / 4) && y >= boxY && y < boxY + (height / 4);
                plane[(y * width) + x] = (byte)(inBox ? (((x - boxX) / 3) + ((y - boxY) / 5)) % 2 * 150 + 50 : Math.Clamp(value, 0, 255));
            }
        }
    }
}
