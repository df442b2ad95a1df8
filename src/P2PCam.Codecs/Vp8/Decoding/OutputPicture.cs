using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Decoding;

/// <summary>The I420 pixels that a decoded picture is copied to; none where the frame is not shown.</summary>
internal readonly struct OutputPicture(Memory<byte> pixels, int width, int height)
{
    /// <summary>Copies what lies within the picture of one row of macroblocks.</summary>
    public void CopyRow(FrameBuffer picture, int row)
    {
        if (pixels.IsEmpty)
        {
            return;
        }

        var (chromaWidth, chromaHeight) = ((width + 1) / 2, (height + 1) / 2);
        var span = pixels.Span;
        CopyLines(picture.Y, row * 16, 16, span[..(width * height)], width, height);
        CopyLines(picture.U, row * 8, 8, span.Slice(width * height, chromaWidth * chromaHeight), chromaWidth, chromaHeight);
        CopyLines(picture.V, row * 8, 8, span[((width * height) + (chromaWidth * chromaHeight))..], chromaWidth, chromaHeight);
    }

    private static unsafe void CopyLines(in Plane plane, int first, int count, Span<byte> target, int width, int height)
    {
        for (var y = first; y < Math.Min(first + count, height); y++)
        {
            new ReadOnlySpan<byte>(plane.At(0, y), width).CopyTo(target[(y * width)..]);
        }
    }
}
