using P2PCam;

namespace VideoTool.Measures;

/// <summary>
/// SSIM (Wang, Bovik, Sheikh, Simoncelli, "Image quality assessment: from error visibility to structural similarity", IEEE Transactions on Image Processing 13(4), 2004)
/// over windows of 8x8 samples with equal weights, one each 4 samples, as FFmpeg's filter and x264 have it; the paper's windows are Gaussian, 11x11, one each
/// sample. K1 = 0.01, K2 = 0.03. 1 for equal pictures.
/// </summary>
internal struct Similarity
{
    private const int Block = 4;
    private const int Samples = 64;

    // Scaled by the number of samples, so that sums need no division.
    private const long C1 = (long)((0.01 * 0.01 * 255 * 255 * Samples) + 0.5);
    private const long C2 = (long)((0.03 * 0.03 * 255 * 255 * Samples * (Samples - 1)) + 0.5);

    private long _pictures;
    private double _y;
    private double _u;
    private double _v;
    private double _overall;

    public readonly double Y => _y / _pictures;

    public readonly double U => _u / _pictures;

    public readonly double V => _v / _pictures;

    /// <summary>The planes' mean, weighted by their samples.</summary>
    public readonly double Overall => _overall / _pictures;

    public static Similarity Between(VideoFrame a, VideoFrame b)
    {
        var (y, u, v) = (OfPlane(a, b, 0), OfPlane(a, b, 1), OfPlane(a, b, 2));
        double luma = a.GetPlane(0).Length, chroma = a.GetPlane(1).Length;
        return new Similarity { _pictures = 1, _y = y, _u = u, _v = v, _overall = ((y * luma) + ((u + v) * chroma)) / (luma + (2 * chroma)) };
    }

    /// <summary>Adds up pictures; the mean is over them.</summary>
    public void Add(in Similarity other)
    {
        _pictures += other._pictures;
        _y += other._y;
        _u += other._u;
        _v += other._v;
        _overall += other._overall;
    }

    private static double OfPlane(VideoFrame a, VideoFrame b, int plane)
    {
        var stride = a.GetStride(plane);
        var x = a.GetPlane(plane);
        var y = b.GetPlane(plane);
        var (columns, rows) = (stride / Block, x.Length / stride / Block);
        if (columns < 2 || rows < 2)
        {
            // Smaller than a window: nothing to compare but whether they are equal.
            return x.SequenceEqual(y) ? 1 : 0;
        }

        var (above, here) = (new BlockSums[columns], new BlockSums[columns]);
        Sum(x, y, stride, 0, above);
        var total = 0.0;
        for (var row = 1; row < rows; row++)
        {
            Sum(x, y, stride, row * Block, here);
            for (var column = 1; column < columns; column++)
            {
                total += BlockSums.Compare(above[column - 1], above[column], here[column - 1], here[column]);
            }

            (above, here) = (here, above);
        }

        return total / ((rows - 1) * (columns - 1));
    }

    private static void Sum(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y, int stride, int firstRow, BlockSums[] sums)
    {
        for (var column = 0; column < sums.Length; column++)
        {
            var s = default(BlockSums);
            for (var row = 0; row < Block; row++)
            {
                var at = ((firstRow + row) * stride) + (column * Block);
                s.Add(x.Slice(at, Block), y.Slice(at, Block));
            }

            sums[column] = s;
        }
    }

    /// <summary>Sums over a block of 4x4: of a, of b, of both squared, of a times b.</summary>
    private struct BlockSums
    {
        private int _a;
        private int _b;
        private int _squares;
        private int _products;

        public void Add(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
        {
            for (var i = 0; i < Block; i++)
            {
                int p = a[i], q = b[i];
                _a += p;
                _b += q;
                _squares += (p * p) + (q * q);
                _products += p * q;
            }
        }

        public static double Compare(in BlockSums p, in BlockSums q, in BlockSums r, in BlockSums s)
        {
            long a = p._a + q._a + r._a + s._a, b = p._b + q._b + r._b + s._b;
            long squares = p._squares + q._squares + r._squares + s._squares, products = p._products + q._products + r._products + s._products;
            var variances = (squares * Samples) - (a * a) - (b * b);
            var covariance = (products * Samples) - (a * b);
            return (double)((2 * a * b) + C1) * ((2 * covariance) + C2) / ((double)((a * a) + (b * b) + C1) * (variances + C2));
        }
    }
}
