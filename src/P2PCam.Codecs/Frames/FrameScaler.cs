using P2PCam.Codecs.Frames.Scaling;

namespace P2PCam.Codecs.Frames;

/// <summary>
/// Brings I420 pictures of one size to another: bilinear where a side grows, the mean of the covered area where it shrinks. Made once for
/// a pair of sizes; nothing but the resulting frame is allocated after that. Used by one thread at a time.
/// </summary>
internal sealed class FrameScaler
{
    private readonly (int Width, int Height) _from;
    private readonly (int Width, int Height) _to;
    private readonly PlaneScaler _luma;
    private readonly PlaneScaler _chroma;

    public FrameScaler(int fromWidth, int fromHeight, int toWidth, int toHeight)
    {
        var (from, to) = (FrameLayout.For(PixelFormat.I420, fromWidth, fromHeight), FrameLayout.For(PixelFormat.I420, toWidth, toHeight));
        (_from, _to) = ((fromWidth, fromHeight), (toWidth, toHeight));
        _luma = new(fromWidth, fromHeight, toWidth, toHeight);
        _chroma = new(from.Stride1, from.Rows1, to.Stride1, to.Rows1);
    }

    /// <summary>The picture in the new size, with the same time; with equal sizes the very frame, with one more reference.</summary>
    /// <exception cref="ArgumentException">The frame is not I420 or not of the size this scaler was made for.</exception>
    public VideoFrame Scale(VideoFrame frame)
    {
        Check(frame);
        if (_from == _to)
        {
            return frame.AddReference();
        }

        var result = VideoFrame.Rent(_to.Width, _to.Height, PixelFormat.I420, frame.Timestamp, out var pixels);
        ScaleInto(frame, pixels.Span);
        return result;
    }

    /// <summary>The picture in the new size as I420 pixels, tightly packed.</summary>
    /// <exception cref="ArgumentException">The frame is not I420 or not of the size this scaler was made for.</exception>
    public void ScaleInto(VideoFrame frame, Span<byte> pixels)
    {
        Check(frame);
        var planes = I420Planes.Of(pixels, _to.Width, _to.Height);
        _luma.Scale(frame.GetPlane(0), planes.Y);
        _chroma.Scale(frame.GetPlane(1), planes.U);
        _chroma.Scale(frame.GetPlane(2), planes.V);
    }

    private void Check(VideoFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (frame.Format != PixelFormat.I420 || (frame.Width, frame.Height) != _from)
        {
            throw new ArgumentException(
                $"This scaler takes I420 frames of {_from.Width}x{_from.Height}, not {frame.Format} of {frame.Width}x{frame.Height}.",
                nameof(frame));
        }
    }
}
