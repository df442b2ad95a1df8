using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>Copies a frame into whole macroblocks, repeating its last column and row.</summary>
internal static unsafe class SourcePicture
{
    public static void Copy(VideoFrame frame, FrameBuffer target)
    {
        CopyPlane(frame.GetPlane(0), frame.GetStride(0), frame.Width, frame.Height, target.Y);
        CopyPlane(frame.GetPlane(1), frame.GetStride(1), (frame.Width + 1) / 2, (frame.Height + 1) / 2, target.U);
        CopyPlane(frame.GetPlane(2), frame.GetStride(2), (frame.Width + 1) / 2, (frame.Height + 1) / 2, target.V);
    }

    private static void CopyPlane(ReadOnlySpan<byte> source, int stride, int width, int height, in Plane target)
    {
        for (var y = 0; y < target.Height; y++)
        {
            var row = source.Slice(Math.Min(y, height - 1) * stride, width);
            var copy = new Span<byte>(target.At(0, y), target.Width);
            row.CopyTo(copy);
            copy[width..].Fill(row[width - 1]);
        }
    }
}
