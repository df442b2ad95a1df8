namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>The tokens of one row of macroblocks in coding order.</summary>
internal sealed class TokenRow
{
    /// <summary>Each: bits 0-3 token, 4 no end-of-block bit, 5-11 context, 12 sign, 13-24 extra bits. Grows with the busiest row yet.</summary>
    public uint[] Entries { get; set; } = new uint[2048];

    public int Length { get; set; }

    public ReadOnlySpan<uint> Written => Entries.AsSpan(0, Length);
}
