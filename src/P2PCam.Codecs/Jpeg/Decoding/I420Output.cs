using P2PCam.Codecs.Frames;

namespace P2PCam.Codecs.Jpeg.Decoding;

/// <summary>From a picture's components to I420. Samples are in the limited range of video already; chroma comes to half of luma's width and height.</summary>
internal static class I420Output
{
    public static void Write(PictureLayout layout, Span<byte> pixels)
    {
        var planes = I420Planes.Of(pixels, layout.Width, layout.Height);
        Copy(layout[0], planes.Y, layout.Width, layout.Height);
        if (layout.Count == 1)
        {
            planes.U.Fill(128);
            planes.V.Fill(128);
            return;
        }

        WriteChroma(layout, layout[1], planes.U, planes.ChromaWidth, planes.ChromaHeight);
        WriteChroma(layout, layout[2], planes.V, planes.ChromaWidth, planes.ChromaHeight);
    }

    private static void WriteChroma(PictureLayout layout, Component component, Span<byte> target, int width, int height)
    {
        var (across, down) = (layout.MaxHorizontal / component.Horizontal, layout.MaxVertical / component.Vertical);
        if (across == 2 && down == 2)
        {
            Copy(component, target, width, height);
            return;
        }

        for (var y = 0; y < height; y++)
        {
            var (first, second) = Pair(y, down, component.Height);
            var above = component.Samples.AsSpan(first * component.Stride, component.Width);
            var below = component.Samples.AsSpan(second * component.Stride, component.Width);
            var row = target.Slice(y * width, width);
            if (across == 2)
            {
                Average(above, below, row);
                continue;
            }

            for (var x = 0; x < row.Length; x++)
            {
                var (left, right) = Pair(x, across, component.Width);
                row[x] = (byte)((above[left] + above[right] + below[left] + below[right] + 2) >> 2);
            }
        }
    }

    // Which samples make the one in this place: two where chroma is as fine as luma, one of each kind else. At the edge the last stands for what is not there.
    private static (int First, int Second) Pair(int place, int ratio, int size)
    {
        var (first, second) = ratio switch
        {
            1 => (2 * place, (2 * place) + 1),
            2 => (place, place),
            _ => (place / 2, place / 2),
        };
        return (Math.Min(first, size - 1), Math.Min(second, size - 1));
    }

    private static void Average(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, Span<byte> target)
    {
        a = a[..target.Length];
        b = b[..target.Length];
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = (byte)((a[i] + b[i] + 1) >> 1);
        }
    }

    private static void Copy(Component component, Span<byte> target, int width, int height)
    {
        for (var y = 0; y < height; y++)
        {
            component.Samples.AsSpan(y * component.Stride, width).CopyTo(target[(y * width)..]);
        }
    }
}
