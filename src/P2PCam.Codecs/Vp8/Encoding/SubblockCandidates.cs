using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// All ten predictions of a 4x4 luma subblock at once (RFC 6386 section 12.3). Most pixels of most modes are one neighbour smoothed by the two beside it,
/// or the mean of two: those are made once, and each mode picks from them.
/// </summary>
internal static unsafe class SubblockCandidates
{
    /// <summary>Bytes of one prediction, without gaps.</summary>
    public const int Size = 16;

    public const int Count = 10;

    private const byte None = 255;

    /// <summary>Writes the predictions in the order of <see cref="SubblockMode"/>. <paramref name="edge"/> is laid out as <see cref="SubblockPrediction"/> has it.</summary>
    public static void Predict(byte* edge, byte* predictions)
    {
        if (Vector128.IsHardwareAccelerated)
        {
            PredictVector(edge, predictions);
        }
        else
        {
            PredictScalar(edge, predictions);
        }
    }

    public static void PredictScalar(byte* edge, byte* predictions)
    {
        for (var mode = SubblockMode.Dc; mode <= SubblockMode.HorizontalUp; mode++)
        {
            SubblockPrediction.Predict(edge, predictions + ((int)mode * Size), 4, mode);
        }
    }

    /// <summary>Reads three bytes behind the last neighbour.</summary>
    public static void PredictVector(byte* edge, byte* predictions)
    {
        // Left from bottom to top 0..3, corner 4, above 5..8, above right 9..12; what lies beyond either end is as the last.
        var pixels = Vector128.Load(edge - 4);
        var e = Vector128.Shuffle(pixels, Vector128.Create((byte)0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, 0, 0));
        var before = Vector128.Shuffle(pixels, Vector128.Create((byte)0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 0, 0));
        var after = Vector128.Shuffle(pixels, Vector128.Create((byte)1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 12, 0, 0, 0));
        var mean = Mean(e, after);
        var smooth = Mean((before & after) + Vector128.ShiftRightLogical(before ^ after, 1), e);

        Vector128.Create(Dc(edge)).Store(predictions);
        TrueMotion(e).Store(predictions + Size);
        Vector128.Shuffle(smooth, Vector128.Create((byte)5, 6, 7, 8, 5, 6, 7, 8, 5, 6, 7, 8, 5, 6, 7, 8)).Store(predictions + (2 * Size));
        Vector128.Shuffle(smooth, Vector128.Create((byte)3, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0)).Store(predictions + (3 * Size));
        Vector128.Shuffle(smooth, Vector128.Create((byte)6, 7, 8, 9, 7, 8, 9, 10, 8, 9, 10, 11, 9, 10, 11, 12)).Store(predictions + (4 * Size));
        Vector128.Shuffle(smooth, Vector128.Create((byte)4, 5, 6, 7, 3, 4, 5, 6, 2, 3, 4, 5, 1, 2, 3, 4)).Store(predictions + (5 * Size));

        var verticalRight = Vector128.Shuffle(mean, Vector128.Create(4, 5, 6, 7, None, None, None, None, None, 4, 5, 6, None, None, None, None))
            | Vector128.Shuffle(smooth, Vector128.Create(None, None, None, None, 4, 5, 6, 7, 3, None, None, None, 2, 4, 5, 6));
        var verticalLeft = Vector128.Shuffle(mean, Vector128.Create(5, 6, 7, 8, None, None, None, None, 6, 7, 8, None, None, None, None, None))
            | Vector128.Shuffle(smooth, Vector128.Create(None, None, None, None, 6, 7, 8, 9, None, None, None, 10, 7, 8, 9, 11));
        var horizontalDown = Vector128.Shuffle(mean, Vector128.Create(3, None, None, None, 2, None, 3, None, 1, None, 2, None, 0, None, 1, None))
            | Vector128.Shuffle(smooth, Vector128.Create(None, 4, 5, 6, None, 3, None, 4, None, 2, None, 3, None, 1, None, 2));

        // Lanes 13 to 15 of the means are the last pixel to the left.
        var horizontalUp = Vector128.Shuffle(mean, Vector128.Create(2, None, 1, None, 1, None, 0, None, 0, None, 13, 13, 13, 13, 13, 13))
            | Vector128.Shuffle(smooth, Vector128.Create(None, 2, None, 1, None, 1, None, 0, None, 0, None, None, None, None, None, None));
        verticalRight.Store(predictions + (6 * Size));
        verticalLeft.Store(predictions + (7 * Size));
        horizontalDown.Store(predictions + (8 * Size));
        horizontalUp.Store(predictions + (9 * Size));
    }

    // Rounds up.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Mean(Vector128<byte> a, Vector128<byte> b) => (a | b) - Vector128.ShiftRightLogical(a ^ b, 1);

    private static byte Dc(byte* edge)
    {
        var sum = edge[-4] + edge[-3] + edge[-2] + edge[-1] + edge[1] + edge[2] + edge[3] + edge[4];
        return (byte)((sum + 4) >> 3);
    }

    // Left plus above less corner: of the two parts of the difference one is zero.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> TrueMotion(Vector128<byte> e)
    {
        var left = Vector128.Shuffle(e, Vector128.Create((byte)3, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0));
        var above = Vector128.Shuffle(e, Vector128.Create((byte)5, 6, 7, 8, 5, 6, 7, 8, 5, 6, 7, 8, 5, 6, 7, 8));
        var corner = Vector128.Shuffle(e, Vector128.Create((byte)4));
        return Vector128.SubtractSaturate(Vector128.AddSaturate(left, Vector128.SubtractSaturate(above, corner)), Vector128.SubtractSaturate(corner, above));
    }
}
