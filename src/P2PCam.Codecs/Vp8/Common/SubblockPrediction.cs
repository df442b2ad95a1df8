using System.Runtime.CompilerServices;

namespace P2PCam.Codecs.Vp8.Common;

/// <summary>Predicts a 4x4 luma subblock from up to 13 pixels around it (RFC 6386 section 12.3).</summary>
internal static unsafe class SubblockPrediction
{
    /// <summary>
    /// <paramref name="edge"/> points at the corner pixel of the neighbours laid out in one line: edge[-1..-4] are the left pixels from top to
    /// bottom, edge[1..8] the pixels above and above right.
    /// </summary>
    public static void Predict(byte* edge, byte* target, int stride, SubblockMode mode)
    {
        switch (mode)
        {
            case SubblockMode.Dc:
                Dc(edge, target, stride);
                break;
            case SubblockMode.TrueMotion:
                for (var i = 0; i < 16; i++)
                {
                    target[(i / 4 * stride) + (i % 4)] = (byte)Math.Clamp(edge[-1 - (i / 4)] + edge[1 + (i % 4)] - edge[0], 0, 255);
                }

                break;
            case SubblockMode.Vertical:
                for (var i = 0; i < 16; i++)
                {
                    target[(i / 4 * stride) + (i % 4)] = Smooth(edge + 1 + (i % 4));
                }

                break;
            case SubblockMode.Horizontal:
                Horizontal(edge, target, stride);
                break;
            case SubblockMode.LeftDown:
                LeftDown(edge, target, stride);
                break;
            case SubblockMode.RightDown:
                for (var i = 0; i < 16; i++)
                {
                    target[(i / 4 * stride) + (i % 4)] = Smooth(edge + (i % 4) - (i / 4));
                }

                break;
            case SubblockMode.VerticalRight:
                VerticalRight(edge, target, stride);
                break;
            case SubblockMode.VerticalLeft:
                VerticalLeft(edge, target, stride);
                break;
            case SubblockMode.HorizontalDown:
                HorizontalDown(edge, target, stride);
                break;
            default:
                HorizontalUp(edge, target, stride);
                break;
        }
    }

    /// <summary>Lays out the neighbours of the subblock at <paramref name="pixels"/>; <paramref name="aboveRight"/> has four pixels.</summary>
    public static void GatherEdge(byte* pixels, int stride, byte* aboveRight, byte* edge)
    {
        for (var i = 0; i < 4; i++)
        {
            edge[-1 - i] = pixels[(i * stride) - 1];
        }

        edge[0] = pixels[-1 - stride];
        Unsafe.WriteUnaligned(edge + 1, Unsafe.ReadUnaligned<uint>(pixels - stride));
        Unsafe.WriteUnaligned(edge + 5, Unsafe.ReadUnaligned<uint>(aboveRight));
    }

    private static byte Smooth(byte* p) => (byte)((p[-1] + (2 * p[0]) + p[1] + 2) >> 2);

    private static byte Average(byte* p) => (byte)((p[0] + p[1] + 1) >> 1);

    private static void Dc(byte* edge, byte* target, int stride)
    {
        var sum = 4;
        for (var i = 1; i <= 4; i++)
        {
            sum += edge[i] + edge[-i];
        }

        for (var y = 0; y < 4; y++)
        {
            new Span<byte>(target + (y * stride), 4).Fill((byte)(sum >> 3));
        }
    }

    private static void Horizontal(byte* edge, byte* target, int stride)
    {
        new Span<byte>(target, 4).Fill(Smooth(edge - 1));
        new Span<byte>(target + stride, 4).Fill(Smooth(edge - 2));
        new Span<byte>(target + (2 * stride), 4).Fill(Smooth(edge - 3));
        new Span<byte>(target + (3 * stride), 4).Fill((byte)((edge[-3] + (3 * edge[-4]) + 2) >> 2));
    }

    private static void LeftDown(byte* edge, byte* target, int stride)
    {
        for (var i = 0; i < 15; i++)
        {
            target[(i / 4 * stride) + (i % 4)] = Smooth(edge + 2 + (i / 4) + (i % 4));
        }

        target[(3 * stride) + 3] = (byte)((edge[7] + (3 * edge[8]) + 2) >> 2);
    }

    private static void VerticalRight(byte* e, byte* t, int s)
    {
        t[3 * s] = Smooth(e - 2);
        t[2 * s] = Smooth(e - 1);
        t[(3 * s) + 1] = t[s] = Smooth(e);
        t[(2 * s) + 1] = t[0] = Average(e);
        t[(3 * s) + 2] = t[s + 1] = Smooth(e + 1);
        t[(2 * s) + 2] = t[1] = Average(e + 1);
        t[(3 * s) + 3] = t[s + 2] = Smooth(e + 2);
        t[(2 * s) + 3] = t[2] = Average(e + 2);
        t[s + 3] = Smooth(e + 3);
        t[3] = Average(e + 3);
    }

    private static void VerticalLeft(byte* e, byte* t, int s)
    {
        t[0] = Average(e + 1);
        t[s] = Smooth(e + 2);
        t[2 * s] = t[1] = Average(e + 2);
        t[s + 1] = t[3 * s] = Smooth(e + 3);
        t[(2 * s) + 1] = t[2] = Average(e + 3);
        t[(3 * s) + 1] = t[s + 2] = Smooth(e + 4);
        t[(2 * s) + 2] = t[3] = Average(e + 4);

        // The last two do not follow the pattern; the format says so.
        t[(3 * s) + 2] = t[s + 3] = Smooth(e + 5);
        t[(2 * s) + 3] = Smooth(e + 6);
        t[(3 * s) + 3] = Smooth(e + 7);
    }

    private static void HorizontalDown(byte* e, byte* t, int s)
    {
        t[3 * s] = Average(e - 4);
        t[(3 * s) + 1] = Smooth(e - 3);
        t[2 * s] = t[(3 * s) + 2] = Average(e - 3);
        t[(2 * s) + 1] = t[(3 * s) + 3] = Smooth(e - 2);
        t[(2 * s) + 2] = t[s] = Average(e - 2);
        t[(2 * s) + 3] = t[s + 1] = Smooth(e - 1);
        t[s + 2] = t[0] = Average(e - 1);
        t[s + 3] = t[1] = Smooth(e);
        t[2] = Smooth(e + 1);
        t[3] = Smooth(e + 2);
    }

    private static void HorizontalUp(byte* e, byte* t, int s)
    {
        t[0] = Average(e - 2);
        t[1] = Smooth(e - 2);
        t[2] = t[s] = Average(e - 3);
        t[3] = t[s + 1] = Smooth(e - 3);
        t[s + 2] = t[2 * s] = Average(e - 4);
        t[s + 3] = t[(2 * s) + 1] = (byte)((e[-3] + (3 * e[-4]) + 2) >> 2);
        t[(2 * s) + 2] = t[(2 * s) + 3] = t[3 * s] = t[(3 * s) + 1] = t[(3 * s) + 2] = t[(3 * s) + 3] = e[-4];
    }
}
