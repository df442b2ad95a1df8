namespace P2PCam.Codecs.Tests.Vp8;

/// <summary>How clean a picture is where the source is even, which is where the eye sees dirt at once and PSNR hardly counts it.</summary>
internal sealed class EvenAreas
{
    private const int Size = 16;
    private const int Range = 1;

    private long _error;
    private long _pixels;

    /// <summary>Grey levels that a pixel is off on average in squares of 16x16 whose source varies by one level at most.</summary>
    public double MeanError => (double)_error / Math.Max(1, _pixels);

    public long Pixels => _pixels;

    /// <summary>Adds one picture's luma.</summary>
    public void Add(ReadOnlySpan<byte> source, ReadOnlySpan<byte> shown, int width, int height)
    {
        for (var y = 0; y + Size <= height; y += Size)
        {
            for (var x = 0; x + Size <= width; x += Size)
            {
                AddSquare(source[((y * width) + x)..], shown[((y * width) + x)..], width);
            }
        }
    }

    private void AddSquare(ReadOnlySpan<byte> source, ReadOnlySpan<byte> shown, int stride)
    {
        var (least, most, error) = (byte.MaxValue, byte.MinValue, 0);
        for (var row = 0; row < Size; row++)
        {
            for (var i = row * stride; i < (row * stride) + Size; i++)
            {
                (least, most) = (Math.Min(least, source[i]), Math.Max(most, source[i]));
                error += Math.Abs(source[i] - shown[i]);
            }
        }

        if (most - least <= Range)
        {
            _error += error;
            _pixels += Size * Size;
        }
    }
}
