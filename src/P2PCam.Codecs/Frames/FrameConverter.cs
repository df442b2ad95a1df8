using P2PCam.Codecs.Frames.Conversion;

namespace P2PCam.Codecs.Frames;

/// <summary>Brings frames into I420, which encoders take, and from there into RGB for screens and files. BT.601, limited range.</summary>
internal static class FrameConverter
{
    /// <summary>An I420 frame with the same picture and time; the very frame, with one more reference, when it is I420 already.</summary>
    /// <exception cref="ObjectDisposedException">The frame's last reference is gone.</exception>
    public static VideoFrame ToI420(VideoFrame frame) => Convert(frame, PixelFormat.I420);

    /// <summary>The same picture and time in another format: any to I420, I420 to BGRA32 or RGB24. The caller disposes it.</summary>
    /// <exception cref="NotSupportedException">There is no such conversion.</exception>
    /// <exception cref="ObjectDisposedException">The frame's last reference is gone.</exception>
    public static VideoFrame Convert(VideoFrame frame, PixelFormat format)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (frame.Format == format)
        {
            return frame.AddReference();
        }

        if (format != PixelFormat.I420 && (frame.Format != PixelFormat.I420 || format is not (PixelFormat.Bgra32 or PixelFormat.Rgb24)))
        {
            throw new NotSupportedException(
                $"There is no conversion from {frame.Format} to {format}; all formats go to I420, and I420 goes to BGRA32 and RGB24.");
        }

        var result = VideoFrame.Rent(frame.Width, frame.Height, format, frame.Timestamp, out var pixels);
        try
        {
            Convert(frame, format, pixels.Span);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    private static void Convert(VideoFrame frame, PixelFormat format, Span<byte> pixels)
    {
        switch ((frame.Format, format))
        {
            case (_, PixelFormat.Bgra32):
                I420ToRgb.Convert<Bgra32Pixel>(frame, pixels);
                break;
            case (_, PixelFormat.Rgb24):
                I420ToRgb.Convert<Rgb24Pixel>(frame, pixels);
                break;
            case (PixelFormat.Nv12, _):
                Nv12ToI420.Convert(frame, I420Planes.Of(pixels, frame.Width, frame.Height));
                break;
            case (PixelFormat.Yuy2, _):
                Yuy2ToI420.Convert(frame, I420Planes.Of(pixels, frame.Width, frame.Height));
                break;
            case (PixelFormat.Bgra32, _):
                RgbToI420.Convert<Bgra32Pixel>(frame, I420Planes.Of(pixels, frame.Width, frame.Height));
                break;
            default:
                RgbToI420.Convert<Rgb24Pixel>(frame, I420Planes.Of(pixels, frame.Width, frame.Height));
                break;
        }
    }
}
