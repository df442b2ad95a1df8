namespace P2PCam.Codecs.Tests.Frames;

/// <summary>
/// What a converted sample should be, computed one by one in floating point: luma and chroma by the analogue equations of ITU-R BT.601
/// section 2.5 (Kr = 0.299, Kb = 0.114), levels of section 2.5.4 (luma 16 to 235, chroma 16 to 240); chroma as the mean of its 2x2 block.
/// </summary>
internal static class Definition
{
    private const double Kr = 0.299;
    private const double Kb = 0.114;

    public static double Luma(VideoFrame frame, int column, int row) => frame.Format switch
    {
        PixelFormat.Nv12 => frame.GetPlane(0)[(row * frame.GetStride(0)) + column],
        PixelFormat.Yuy2 => frame.GetPlane(0)[(row * frame.GetStride(0)) + (2 * column)],
        _ => LumaOf(Rgb(frame, column, row)),
    };

    public static (double U, double V) Chroma(VideoFrame frame, int column, int row)
    {
        if (frame.Format == PixelFormat.Nv12)
        {
            var at = (row * frame.GetStride(1)) + (2 * column);
            return (frame.GetPlane(1)[at], frame.GetPlane(1)[at + 1]);
        }

        var (rows, columns) = (Both(row, frame.Height), Both(column, frame.Width));
        if (frame.Format == PixelFormat.Yuy2)
        {
            var plane = frame.GetPlane(0).ToArray();
            var starts = rows.Select(r => (r * frame.GetStride(0)) + (4 * column)).ToArray();
            return (starts.Average(at => plane[at + 1]), starts.Average(at => plane[at + 3]));
        }

        var block = (from r in rows from c in columns select Rgb(frame, c, r)).ToArray();
        var mean = (R: block.Average(p => p.R), G: block.Average(p => p.G), B: block.Average(p => p.B));
        var gray = ((Kr * mean.R) + ((1 - Kr - Kb) * mean.G) + (Kb * mean.B)) / 255;
        return (128 + (224 * ((mean.B / 255) - gray) / (2 * (1 - Kb))), 128 + (224 * ((mean.R / 255) - gray) / (2 * (1 - Kr))));
    }

    private static double LumaOf((double R, double G, double B) rgb) =>
        16 + (219 * ((Kr * rgb.R) + ((1 - Kr - Kb) * rgb.G) + (Kb * rgb.B)) / 255);

    private static (double R, double G, double B) Rgb(VideoFrame frame, int column, int row)
    {
        var plane = frame.GetPlane(0);
        if (frame.Format == PixelFormat.Rgb24)
        {
            var at = (row * frame.GetStride(0)) + (3 * column);
            return (plane[at], plane[at + 1], plane[at + 2]);
        }
        else
        {
            var at = (row * frame.GetStride(0)) + (4 * column);
            return (plane[at + 2], plane[at + 1], plane[at]);
        }
    }

    /// <summary>The two source lines of a chroma sample; at an odd edge the last one twice.</summary>
    private static int[] Both(int index, int length) => [2 * index, Math.Min((2 * index) + 1, length - 1)];
}
