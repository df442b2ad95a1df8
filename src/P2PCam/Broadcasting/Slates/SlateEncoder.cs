using System.Buffers;
using P2PCam.Codecs.Vp8;

namespace P2PCam.Broadcasting;

/// <summary>The slate as a VP8 key frame, encoded once for each size that follows another. Used by one thread at a time.</summary>
internal sealed class SlateEncoder(string subtitle)
{
    private const int LargestSide = 1920;

    // One still a second: there is room for fine words.
    private const int BitsPerFrame = 400_000;
    private (int Width, int Height) _size;
    private byte[] _encoded = [];

    /// <summary>How often something was encoded.</summary>
    public int Encodings { get; private set; }

    /// <summary>The frame in the given size, in pixels, or one of that shape which is neither tiny nor huge; 640 by 360 where none is known.</summary>
    public ReadOnlySpan<byte> Get((int Width, int Height) size)
    {
        var fitted = Fit(size);
        if (fitted != _size)
        {
            (_encoded, _size) = (Encode(fitted.Width, fitted.Height), fitted);
        }

        return _encoded;
    }

    internal static (int Width, int Height) Fit((int Width, int Height) size)
    {
        if (size.Width <= 0 || size.Height <= 0)
        {
            return (640, 360);
        }

        var scale = Math.Min(1, (double)LargestSide / Math.Max(size.Width, size.Height));
        return (Math.Max(SlatePicture.SmallestSide, (int)(size.Width * scale)), Math.Max(SlatePicture.SmallestSide, (int)(size.Height * scale)));
    }

    private byte[] Encode(int width, int height)
    {
        Encodings++;
        using var picture = SlatePicture.Paint(width, height, subtitle);
        using var encoder = new Vp8Encoder(new Vp8EncoderOptions { Width = width, Height = height, FrameRate = 1, TargetBitrate = BitsPerFrame });
        var encoded = new ArrayBufferWriter<byte>();
        encoder.Encode(picture, forceKeyFrame: true, encoded);
        return encoded.WrittenSpan.ToArray();
    }
}
