using P2PCam;

namespace CodecComparison;

/// <summary>What PSNR hides: dirt where the source is even, and what flickers where the source stands still. Of luma, in grey levels per pixel.</summary>
internal sealed class EvenAreas
{
    private const int Size = 16;
    private const int Range = 1;

    private byte[] _source = [];
    private byte[] _shown = [];
    private (long Sum, long Pixels) _dirt;
    private (long Sum, long Pixels) _flicker;

    /// <summary>The mean error in squares of 16x16 that vary by one level at most; 0 where there are none.</summary>
    public double Dirt => (double)_dirt.Sum / Math.Max(1, _dirt.Pixels);

    /// <summary>How much a pixel changes on average from a picture to the next where the source's does not.</summary>
    public double Flicker => (double)_flicker.Sum / Math.Max(1, _flicker.Pixels);

    /// <summary>The next picture and what is shown for it.</summary>
    public void Add(VideoFrame source, VideoFrame shown)
    {
        var a = source.GetPlane(0);
        var b = shown.GetPlane(0);
        var stride = source.GetStride(0);
        for (var y = 0; y + Size <= a.Length / stride; y += Size)
        {
            for (var x = 0; x + Size <= stride; x += Size)
            {
                AddSquare(a[((y * stride) + x)..], b[((y * stride) + x)..], stride);
            }
        }

        for (var i = 0; i < _source.Length; i++)
        {
            if (a[i] == _source[i])
            {
                _flicker = (_flicker.Sum + Math.Abs(b[i] - _shown[i]), _flicker.Pixels + 1);
            }
        }

        (_source, _shown) = (a.ToArray(), b.ToArray());
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

        _dirt = most - least <= Range ? (_dirt.Sum + error, _dirt.Pixels + (Size * Size)) : _dirt;
    }
}
