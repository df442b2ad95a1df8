using P2PCam.Codecs.Frames;

namespace P2PCam.Codecs.Jpeg.Decoding;

/// <summary>
/// From red, green and blue to I420 in limited range (BT.601). Chroma is made of the mean of four pixels. Rare among cameras, so it is
/// plain.
/// </summary>
internal static class RgbOutput
{
    public static void Write(PictureLayout layout, Span<byte> pixels)
    {
        var planes = I420Planes.Of(pixels, layout.Width, layout.Height);
        for (var y = 0; y < layout.Height; y++)
        {
            for (var x = 0; x < layout.Width; x++)
            {
                var (red, green, blue) = (Sample(layout, 0, x, y), Sample(layout, 1, x, y), Sample(layout, 2, x, y));
                planes.Y[(y * layout.Width) + x] = (byte)(16.5f + (((65.481f * red) + (128.553f * green) + (24.966f * blue)) / 255));
            }
        }

        for (var y = 0; y < planes.ChromaHeight; y++)
        {
            for (var x = 0; x < planes.ChromaWidth; x++)
            {
                var (red, green, blue) = (Mean(layout, 0, x, y), Mean(layout, 1, x, y), Mean(layout, 2, x, y));
                var place = (y * planes.ChromaWidth) + x;
                planes.U[place] = (byte)(128.5f + (((-37.797f * red) - (74.203f * green) + (112f * blue)) / 255));
                planes.V[place] = (byte)(128.5f + (((112f * red) - (93.786f * green) - (18.214f * blue)) / 255));
            }
        }
    }

    private static byte Sample(PictureLayout layout, int index, int x, int y)
    {
        var component = layout[index];
        var (across, down) = (layout.MaxHorizontal / component.Horizontal, layout.MaxVertical / component.Vertical);
        return component.Samples[(y / down * component.Stride) + (x / across)];
    }

    // At an odd edge the last pixel stands for what is not there.
    private static float Mean(PictureLayout layout, int index, int x, int y)
    {
        var (left, right) = (2 * x, Math.Min((2 * x) + 1, layout.Width - 1));
        var (above, below) = (2 * y, Math.Min((2 * y) + 1, layout.Height - 1));
        var upper = Sample(layout, index, left, above) + Sample(layout, index, right, above);
        return (upper + Sample(layout, index, left, below) + Sample(layout, index, right, below)) / 4f;
    }
}
