namespace P2PCam.Codecs.Jpeg;

/// <summary>
/// The forward DCT on 8x8 samples (ITU-T T.81 A.3.3), by the factorization of Arai, Agui and Nakajima (1988): five multiplications per row,
/// and a scale per coefficient that goes into the quantizer.
/// </summary>
internal static class ForwardDct
{
    private const float HalfRoot = 0.70710678f; // cos(pi/4)
    private const float Sin8 = 0.38268343f; // sin(pi/8)
    private const float Difference = 0.54119610f; // cos(pi/8) - sin(pi/8)
    private const float Sum = 1.30656296f; // cos(pi/8) + sin(pi/8)

    /// <summary>How many times too large <see cref="Transform"/> makes a coefficient.</summary>
    public static double ScaleOf(int index) => 8 * LineScale(index / 8) * LineScale(index % 8);

    /// <summary>Transforms 64 samples in raster order, in place.</summary>
    public static void Transform(Span<float> samples)
    {
        for (var row = 0; row < 64; row += 8)
        {
            Line(samples[row..], 1);
        }

        for (var column = 0; column < 8; column++)
        {
            Line(samples[column..], 8);
        }
    }

    private static double LineScale(int k) => k == 0 ? 1 : Math.Sqrt(2) * Math.Cos(k * Math.PI / 16);

    private static void Line(Span<float> d, int step)
    {
        var last = d[7 * step];
        var (sum07, difference07) = (d[0] + last, d[0] - last);
        var (sum16, difference16) = (d[step] + d[6 * step], d[step] - d[6 * step]);
        var (sum25, difference25) = (d[2 * step] + d[5 * step], d[2 * step] - d[5 * step]);
        var (sum34, difference34) = (d[3 * step] + d[4 * step], d[3 * step] - d[4 * step]);

        var (even0, even3) = (sum07 + sum34, sum07 - sum34);
        var (even1, even2) = (sum16 + sum25, sum16 - sum25);
        var middle = (even2 + even3) * HalfRoot;
        d[0] = even0 + even1;
        d[4 * step] = even0 - even1;
        d[2 * step] = even3 + middle;
        d[6 * step] = even3 - middle;

        var (odd0, odd1, odd2) = (difference34 + difference25, difference25 + difference16, difference16 + difference07);
        var rotation = (odd0 - odd2) * Sin8;
        var (a, b) = ((odd0 * Difference) + rotation, (odd2 * Sum) + rotation);
        var (high, low) = (difference07 + (odd1 * HalfRoot), difference07 - (odd1 * HalfRoot));
        d[5 * step] = low + a;
        d[3 * step] = low - a;
        d[step] = high + b;
        d[7 * step] = high - b;
    }
}
