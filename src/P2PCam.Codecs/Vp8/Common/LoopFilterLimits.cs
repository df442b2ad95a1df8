namespace P2PCam.Codecs.Vp8.Common;

/// <summary>Thresholds that follow from a filter level 0..63 and sharpness 0..7 (RFC 6386 sections 15.2 to 15.4).</summary>
internal readonly record struct LoopFilterLimits(byte MacroblockEdge, byte SubblockEdge, byte Interior, byte HighVariance)
{
    public const int MaxLevel = 63;

    public static LoopFilterLimits For(int level, int sharpness, bool isKeyFrame)
    {
        var interior = level;
        if (sharpness > 0)
        {
            interior = Math.Min(interior >> (sharpness > 4 ? 2 : 1), 9 - sharpness);
        }

        interior = Math.Max(interior, 1);
        var variance = level >= 40 ? 2 : level >= 15 ? 1 : 0;
        if (!isKeyFrame)
        {
            variance = level >= 40 ? 3 : level >= 20 ? 2 : variance;
        }

        return new((byte)(((level + 2) * 2) + interior), (byte)((level * 2) + interior), (byte)interior, (byte)variance);
    }
}
