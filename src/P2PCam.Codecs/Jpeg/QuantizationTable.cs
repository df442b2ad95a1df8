namespace P2PCam.Codecs.Jpeg;

/// <summary>Step sizes of the 64 coefficients in raster order, and what the DCT's output is multiplied with to divide by them.</summary>
internal sealed class QuantizationTable
{
    private QuantizationTable(ReadOnlySpan<byte> standard, int quality)
    {
        // The Independent JPEG Group's scale: 50 is the standard's example, 100 divides by one.
        var percent = quality < 50 ? 5000 / quality : 200 - (2 * quality);
        for (var i = 0; i < 64; i++)
        {
            Steps[i] = (byte)Math.Clamp(((standard[i] * percent) + 50) / 100, 1, 255);
            Factors[i] = (float)(1 / (Steps[i] * ForwardDct.ScaleOf(i)));
        }
    }

    public byte[] Steps { get; } = new byte[64];

    public float[] Factors { get; } = new float[64];

    /// <summary>ITU-T T.81 table K.1.</summary>
    public static QuantizationTable Luma(int quality) => new(
        [
            16, 11, 10, 16, 24, 40, 51, 61,
            12, 12, 14, 19, 26, 58, 60, 55,
            14, 13, 16, 24, 40, 57, 69, 56,
            14, 17, 22, 29, 51, 87, 80, 62,
            18, 22, 37, 56, 68, 109, 103, 77,
            24, 35, 55, 64, 81, 104, 113, 92,
            49, 64, 78, 87, 103, 121, 120, 101,
            72, 92, 95, 98, 112, 100, 103, 99,
        ],
        quality);

    /// <summary>ITU-T T.81 table K.2.</summary>
    public static QuantizationTable Chroma(int quality) => new(
        [
            17, 18, 24, 47, 99, 99, 99, 99,
            18, 21, 26, 66, 99, 99, 99, 99,
            24, 26, 56, 99, 99, 99, 99, 99,
            47, 66, 99, 99, 99, 99, 99, 99,
            99, 99, 99, 99, 99, 99, 99, 99,
            99, 99, 99, 99, 99, 99, 99, 99,
            99, 99, 99, 99, 99, 99, 99, 99,
            99, 99, 99, 99, 99, 99, 99, 99,
        ],
        quality);
}
