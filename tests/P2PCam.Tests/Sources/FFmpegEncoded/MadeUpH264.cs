using System.Buffers.Binary;
using P2PCam.Sources.FFmpeg.H264;

namespace P2PCam.Tests.Sources.FFmpegEncoded;

/// <summary>H.264 written by hand: enough of it to be read, nothing that decodes.</summary>
internal static class MadeUpH264
{
    public const uint P = 0;
    public const uint B = 1;
    public const uint I = 2;

    public static byte[] Pps { get; } = [0x68, 0xCE, 0x3C, 0x80];

    public static byte[] Delimiter { get; } = [0x09, 0x10];

    public static byte[] Sei { get; } = [0x06, 0x05, 0x01, 0xAA, 0x80];

    public static byte[] Filler { get; } = [0x0C, 0xFF, 0xFF, 0x80];

    public static byte[] Sps(
        byte profile = 66,
        uint macroblocksAcross = 20,
        uint macroblocksDown = 15,
        (uint Left, uint Right, uint Top, uint Bottom)? crop = null,
        bool progressive = true,
        uint chroma = 1,
        uint depth = 8,
        uint? reorder = null,
        byte constraints = 0x40)
    {
        var bits = new BitWriter().Bits(profile, 8).Bits(constraints, 8).Bits(31, 8).Unsigned(0);
        if (profile is 100 or 110 or 122 or 244)
        {
            bits.Unsigned(chroma);
            if (chroma == 3)
            {
                bits.Flag(false);
            }

            // One scaling list that is sent, ending early, and the rest absent.
            bits.Unsigned(depth - 8).Unsigned(depth - 8).Flag(false).Flag(true).Flag(true).Signed(2).Signed(-10);
            for (var list = 1; list < (chroma == 3 ? 12 : 8); list++)
            {
                bits.Flag(false);
            }
        }

        bits.Unsigned(4).Unsigned(0).Unsigned(4).Unsigned(1).Flag(false);
        bits.Unsigned(macroblocksAcross - 1).Unsigned(macroblocksDown - 1).Flag(progressive);
        if (!progressive)
        {
            bits.Flag(false);
        }

        bits.Flag(true).Flag(crop is not null);
        if (crop is { } offsets)
        {
            bits.Unsigned(offsets.Left).Unsigned(offsets.Right).Unsigned(offsets.Top).Unsigned(offsets.Bottom);
        }

        bits.Flag(reorder is not null);
        if (reorder is { } frames)
        {
            // Aspect ratio written out, colours, timing with zeros enough to need protection, one buffer model.
            bits.Flag(true).Bits(255, 8).Bits(1, 16).Bits(1, 16).Flag(false);
            bits.Flag(true).Bits(5, 3).Flag(false).Flag(true).Bits(0x010101, 24);
            bits.Flag(true).Unsigned(0).Unsigned(0).Flag(true).Bits(1, 32).Bits(60, 32).Flag(true);
            bits.Flag(true).Unsigned(0).Bits(0, 8).Unsigned(1000).Unsigned(1000).Flag(false).Bits(0, 20).Flag(false).Flag(false);
            bits.Flag(false).Flag(true).Flag(true).Unsigned(0).Unsigned(0).Unsigned(9).Unsigned(9).Unsigned(frames).Unsigned(4);
        }

        return bits.ToUnit(0x67);
    }

    public static byte[] Slice(uint type, bool isIdr = false, uint firstMacroblock = 0) =>
        new BitWriter().Unsigned(firstMacroblock).Unsigned(type).Unsigned(0).Bits(0xABCDE, 20).ToUnit((byte)(isIdr ? 0x65 : 0x41));

    /// <summary>NAL units as FLV has them, each behind its length.</summary>
    public static byte[] Lengths(params byte[][] units) => Lengths(4, units);

    public static byte[] Lengths(int size, byte[][] units) => [.. units.SelectMany(unit => Number(unit.Length, size).Concat(unit))];

    /// <summary>NAL units behind start codes.</summary>
    public static byte[] AnnexB(params byte[][] units) => [.. units.SelectMany(unit => new byte[] { 0, 0, 0, 1 }.Concat(unit))];

    public static byte[] Configuration(byte[] sps, int lengthSize = 4) =>
    [
        1, sps[1], sps[2], sps[3], (byte)(0xFC | (lengthSize - 1)), 0xE1, .. Number(sps.Length, 2), .. sps, 1, .. Number(Pps.Length, 2), .. Pps,
    ];

    public static DecoderConfiguration Read(byte[] sps, int lengthSize = 4) => DecoderConfiguration.Parse(Configuration(sps, lengthSize))!;

    private static byte[] Number(int value, int size)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes[(4 - size)..];
    }
}
