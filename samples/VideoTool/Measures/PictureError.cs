using System.Numerics;
using P2PCam;

namespace VideoTool.Measures;

/// <summary>Squared differences of two I420 pictures by plane, and PSNR = 10 log10(255² / mean squared difference) of them, in dB.</summary>
internal struct PictureError
{
    /// <summary>What PSNR says of equal pictures, for which it has no number.</summary>
    public const double Equal = 100;

    private long _samples0;
    private long _samples1;
    private double _error0;
    private double _error1;
    private double _error2;

    public readonly double Y => Psnr(_error0, _samples0);

    public readonly double U => Psnr(_error1, _samples1);

    public readonly double V => Psnr(_error2, _samples1);

    /// <summary>Over the samples of all three planes.</summary>
    public readonly double Overall => Psnr(_error0 + _error1 + _error2, _samples0 + (2 * _samples1));

    public static PictureError Between(VideoFrame a, VideoFrame b) => new()
    {
        _samples0 = a.GetPlane(0).Length,
        _samples1 = a.GetPlane(1).Length,
        _error0 = Squares(a.GetPlane(0), b.GetPlane(0)),
        _error1 = Squares(a.GetPlane(1), b.GetPlane(1)),
        _error2 = Squares(a.GetPlane(2), b.GetPlane(2)),
    };

    /// <summary>Adds up pictures: the PSNR of a sum is that of the mean squared difference, not the mean of PSNRs.</summary>
    public void Add(in PictureError other)
    {
        _samples0 += other._samples0;
        _samples1 += other._samples1;
        _error0 += other._error0;
        _error1 += other._error1;
        _error2 += other._error2;
    }

    private static double Psnr(double error, long samples) => error == 0 || samples == 0 ? Equal : Math.Min(Equal, 10 * Math.Log10(255.0 * 255 * samples / error));

    private static long Squares(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var (sum, i, step) = (0L, 0, Vector<byte>.Count);

        // 255² of a vector's bytes fit 32 bits 60,000 times; a row of a picture is shorter.
        while (a.Length - i >= step)
        {
            var partial = Vector<uint>.Zero;
            for (var turns = 0; turns < 4096 && a.Length - i >= step; turns++, i += step)
            {
                var (x, y) = (new Vector<byte>(a[i..]), new Vector<byte>(b[i..]));
                var difference = Vector.Max(x, y) - Vector.Min(x, y);
                Vector.Widen(difference, out var low, out var high);
                Vector.Widen(low * low, out var s0, out var s1);
                Vector.Widen(high * high, out var s2, out var s3);
                partial += s0 + s1 + s2 + s3;
            }

            for (var lane = 0; lane < Vector<uint>.Count; lane++)
            {
                sum += partial[lane];
            }
        }

        for (; i < a.Length; i++)
        {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }

        return sum;
    }
}
