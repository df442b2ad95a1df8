using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Decoding;

/// <summary>Reads and dequantizes coefficients (RFC 6386 sections 13 and 14.1).</summary>
internal sealed unsafe class TokenReader(int columns)
{
    private const int PerMacroblock = 9;

    // "Has coefficients" flags of the blocks above and to the left: four luma, two U, two V, one Y2.
    private readonly byte[] _above = new byte[columns * PerMacroblock];
    private readonly byte[] _left = new byte[PerMacroblock];

    public void BeginFrame() => Array.Clear(_above);

    public void BeginRow() => Array.Clear(_left);

    /// <summary>The macroblock has no coefficients.</summary>
    public void Skip(Macroblock macroblock)
    {
        // The Y2 flag stays for the next macroblock that has a Y2 block (RFC 6386 section 13.3).
        var count = macroblock.HasY2 ? PerMacroblock : PerMacroblock - 1;
        _above.AsSpan(macroblock.Column * PerMacroblock, count).Clear();
        _left.AsSpan(0, count).Clear();
    }

    /// <summary>Reads all blocks of a macroblock; false where none has a coefficient.</summary>
    public bool Read(ref BoolDecoder tokens, ReadOnlySpan<byte> probabilities, in Dequantizer dequantizer, Macroblock macroblock)
    {
        var above = _above.AsSpan(macroblock.Column * PerMacroblock, PerMacroblock);
        var left = _left.AsSpan();
        var ends = macroblock.Ends;
        var coefficients = macroblock.Coefficients;
        var any = 0;

        // In registers as long as the macroblock lasts.
        var decoder = tokens;
        fixed (byte* p = probabilities)
        {
            var (first, luma) = (0, TokenTables.LumaWithDc);
            if (macroblock.HasY2)
            {
                var end = ReadBlock(
                    ref decoder, OfType(p, TokenTables.Y2), above[8] + left[8], 0, dequantizer.Y2Dc, dequantizer.Y2Ac,
                    coefficients + (Macroblock.Y2Block * 16));
                ends[Macroblock.Y2Block] = (byte)end;
                above[8] = left[8] = (byte)(end > 0 ? 1 : 0);
                any = end;
                (first, luma) = (1, TokenTables.LumaAfterY2);
            }

            for (var i = 0; i < 16; i++)
            {
                ref var a = ref above[i & 3];
                ref var l = ref left[i >> 2];
                var end = ReadBlock(ref decoder, OfType(p, luma), a + l, first, dequantizer.LumaDc, dequantizer.LumaAc, coefficients + (i * 16));
                ends[i] = (byte)end;
                a = l = (byte)(end > first ? 1 : 0);
                any |= end - first;
            }

            for (var i = 16; i < Macroblock.Y2Block; i++)
            {
                var plane = 4 + ((i >> 2 & 1) * 2);
                ref var a = ref above[plane + (i & 1)];
                ref var l = ref left[plane + ((i >> 1) & 1)];
                var end = ReadBlock(
                    ref decoder, OfType(p, TokenTables.Chroma), a + l, 0, dequantizer.ChromaDc, dequantizer.ChromaAc, coefficients + (i * 16));
                ends[i] = (byte)end;
                a = l = (byte)(end > 0 ? 1 : 0);
                any |= end;
            }
        }

        tokens = decoder;
        return any != 0;
    }

    private static byte* OfType(byte* probabilities, int type) =>
        probabilities + (type * CoefficientProbabilities.Bands * CoefficientProbabilities.Contexts * CoefficientProbabilities.Nodes);

    // Returns the place behind the last token before the end of the block, or `first` where there is none. `place` stays below 16, and with it
    // all indices stay within the tables.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadBlock(ref BoolDecoder decoder, byte* probabilities, int context, int first, int dc, int ac, short* coefficients)
    {
        ref var zigZag = ref MemoryMarshal.GetReference(TokenTables.ZigZag);
        ref var bands = ref MemoryMarshal.GetReference(TokenTables.Bands);
        var place = first;
        var p = At(probabilities, ref bands, place, context);
        while (decoder.Read(p[0]))
        {
            while (!decoder.Read(p[1]))
            {
                // After a zero the block cannot end, but for the last place.
                if (++place == 16)
                {
                    return 16;
                }

                p = At(probabilities, ref bands, place, 0);
            }

            var (value, next) = (1, 1);
            if (decoder.Read(p[2]))
            {
                (value, next) = (ReadLarge(ref decoder, p), 2);
            }

            value *= place == 0 ? dc : ac;
            coefficients[Unsafe.Add(ref zigZag, place)] = (short)decoder.ReadSign(value);
            if (++place == 16)
            {
                break;
            }

            p = At(probabilities, ref bands, place, next);
        }

        return place;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* At(byte* probabilities, ref byte bands, int place, int context) =>
        probabilities + (((Unsafe.Add(ref bands, place) * CoefficientProbabilities.Contexts) + context) * CoefficientProbabilities.Nodes);

    // 2 and more.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadLarge(ref BoolDecoder decoder, byte* p)
    {
        if (!decoder.Read(p[3]))
        {
            return !decoder.Read(p[4]) ? 2 : decoder.Read(p[5]) ? 4 : 3;
        }

        int category;
        if (!decoder.Read(p[6]))
        {
            category = decoder.Read(p[7]) ? 2 : 1;
        }
        else
        {
            category = decoder.Read(p[8]) ? (decoder.Read(p[10]) ? 6 : 5) : (decoder.Read(p[9]) ? 4 : 3);
        }

        var extra = 0;
        foreach (var probability in TokenTables.CategoryBits(category))
        {
            extra = (extra << 1) | (decoder.Read(probability) ? 1 : 0);
        }

        return TokenTables.CategoryBase[category - 1] + extra;
    }
}
