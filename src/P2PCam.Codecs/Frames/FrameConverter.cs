using P2PCam.Codecs.Frames.Conversion;

namespace P2PCam.Codecs.Frames;

/// <summary>Brings frames into I420, what the encoder takes. RGB is converted by BT.601, limited range.</summary>
internal static class FrameConverter
{
    /// <summary>An I420 frame with the same picture and time; the very frame, with one more reference, when it is I420 already.</summary>
    public static VideoFrame ToI420(VideoFrame frame)
    {
        if (frame.Format == PixelFormat.I420)
        {
            return frame.AddReference();
        }

        var (width, height) = (frame.Width, frame.Height);
        var result = VideoFrame.Rent(width, height, PixelFormat.I420, frame.Timestamp, out var memory);
        var layout = FrameLayout.For(PixelFormat.I420, width, height);
        var pixels = memory.Span;
        var target = new I420Planes(pixels[..layout.Offset1], pixels[layout.Offset1..layout.Offset2], pixels[layout.Offset2..], width, height);
        switch (frame.Format)
        {
            case PixelFormat.Nv12:
                Nv12ToI420.Convert(frame, target);
                break;
            case PixelFormat.Yuy2:
                Yuy2ToI420.Convert(frame, target);
                break;
            case PixelFormat.Bgra32:
                RgbToI420.Convert(frame, target, pixelStride: 4, red: 2, blue: 0);
                break;
            default:
                RgbToI420.Convert(frame, target, pixelStride: 3, red: 0, blue: 2);
                break;
        }

        return result;
    }
}

/// <summary>The planes to write, tightly packed.</summary>
internal readonly ref struct I420Planes(Span<byte> y, Span<byte> u, Span<byte> v, int width, int height)
{
    public Span<byte> Y { get; } = y;

    public Span<byte> U { get; } = u;

    public Span<byte> V { get; } = v;

    public int Width { get; } = width;

    public int Height { get; } = height;

    public int ChromaWidth => (Width + 1) / 2;

    public int ChromaHeight => (Height + 1) / 2;

    public Span<byte> LumaRow(int row) => Y.Slice(row * Width, Width);

    public Span<byte> URow(int row) => U.Slice(row * ChromaWidth, ChromaWidth);

    public Span<byte> VRow(int row) => V.Slice(row * ChromaWidth, ChromaWidth);
}
