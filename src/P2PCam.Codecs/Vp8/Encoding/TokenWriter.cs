using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>Writes recorded tokens with the frame's probabilities (RFC 6386 section 13.2).</summary>
internal static class TokenWriter
{
    public static void Write(BoolEncoder output, TokenRow row, ReadOnlySpan<byte> probabilities)
    {
        foreach (var entry in row.Written)
        {
            var token = (int)(entry & 15);
            var p = probabilities.Slice((int)((entry >> 5) & 127) * CoefficientProbabilities.Nodes, CoefficientProbabilities.Nodes);
            if ((entry & 16) == 0)
            {
                output.Write(token != TokenTables.EndOfBlock, p[0]);
                if (token == TokenTables.EndOfBlock)
                {
                    continue;
                }
            }

            output.Write(token != TokenTables.Zero, p[1]);
            if (token == TokenTables.Zero)
            {
                continue;
            }

            output.Write(token != TokenTables.One, p[2]);
            if (token != TokenTables.One)
            {
                WriteLarge(output, token, p, (int)((entry >> 13) & 4095));
            }

            output.Write(((entry >> 12) & 1) != 0, 128);
        }
    }

    private static void WriteLarge(BoolEncoder output, int token, ReadOnlySpan<byte> p, int extra)
    {
        output.Write(token > TokenTables.Four, p[3]);
        if (token <= TokenTables.Four)
        {
            output.Write(token > 2, p[4]);
            if (token > 2)
            {
                output.Write(token > 3, p[5]);
            }

            return;
        }

        var category = token - TokenTables.Category1 + 1;
        output.Write(category > 2, p[6]);
        if (category <= 2)
        {
            output.Write(category == 2, p[7]);
        }
        else
        {
            output.Write(category > 4, p[8]);
            output.Write((category & 1) == 0, p[category > 4 ? 10 : 9]);
        }

        var bits = TokenTables.CategoryBits(category);
        for (var i = 0; i < bits.Length; i++)
        {
            output.Write(((extra >> (bits.Length - 1 - i)) & 1) != 0, bits[i]);
        }
    }
}
