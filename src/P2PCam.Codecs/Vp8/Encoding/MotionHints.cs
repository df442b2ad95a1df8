using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>Hands the motion found in a picture on to a smaller one of the same scene, as places to start searching.</summary>
internal static class MotionHints
{
    public static void Transfer(FrameState from, FrameState to)
    {
        for (var row = 0; row < to.Rows; row++)
        {
            for (var column = 0; column < to.Columns; column++)
            {
                // The middle of the macroblock lies on a corner of the larger picture's where sides are halved: four have a say.
                var (x, y) = (((2 * column) + 1) * from.Columns / to.Columns, ((2 * row) + 1) * from.Rows / to.Rows);
                if (Mean(from, x, y) is { } vector)
                {
                    to.PreviousVectors[(row * to.Columns) + column] =
                        new MotionVector((short)(vector.Row * to.Rows / from.Rows), (short)(vector.Column * to.Columns / from.Columns));
                }
            }
        }
    }

    // Of the macroblocks that touch a point, in half macroblocks; null where all are intra.
    private static (int Row, int Column)? Mean(FrameState from, int x, int y)
    {
        var (rows, columns, count) = (0, 0, 0);
        for (var row = Math.Max(0, (y - 1) / 2); row <= Math.Min(from.Rows - 1, y / 2); row++)
        {
            for (var column = Math.Max(0, (x - 1) / 2); column <= Math.Min(from.Columns - 1, x / 2); column++)
            {
                ref var info = ref from.Info(column, row);
                if (info.Reference != ReferenceKind.Intra)
                {
                    rows += info.Vector.Row;
                    columns += info.Vector.Column;
                    count++;
                }
            }
        }

        return count == 0 ? null : (rows / count, columns / count);
    }
}
