namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>What a bit costs, in 1/256 bit, by the probability that it is 0.</summary>
internal static class BitCost
{
    public const int One = 256;

    private static readonly ushort[] Costs = Build();

    public static int Zero(int probability) => Costs[probability];

    public static int Of(bool bit, int probability) => Costs[bit ? 256 - probability : probability];

    private static ushort[] Build()
    {
        var costs = new ushort[257];
        for (var i = 1; i <= 256; i++)
        {
            costs[i] = (ushort)Math.Round(-Math.Log2(i / 256.0) * One);
        }

        costs[0] = 8 * One;
        return costs;
    }
}
