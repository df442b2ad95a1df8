using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Decoding;

/// <summary>
/// What follows once pixels are decoded: loop filter, border, copy to the frame shown. Each row of macroblocks goes through it while it is
/// still in the cache: a row is filtered once the row below is decoded, since that one is predicted from unfiltered pixels, and
/// handed on once the row below is filtered, which changes its last three lines.
/// </summary>
internal sealed class PictureFinisher(int columns, int rows)
{
    private const byte FilterInside = 0x80;

    // Of each macroblock: filter level, and whether edges inside it are filtered.
    private readonly byte[] _filters = new byte[columns * rows];
    private FrameBuffer _picture = null!;
    private FilterLevels _levels = null!;
    private OutputPicture _output;

    public void BeginFrame(FrameBuffer picture, FilterLevels levels, in OutputPicture output) =>
        (_picture, _levels, _output) = (picture, levels, output);

    public void SetFilter(Macroblock macroblock)
    {
        var inside = !macroblock.Info.HasNoCoefficients || !macroblock.HasY2;
        _filters[(macroblock.Row * columns) + macroblock.Column] =
            (byte)(_levels.LevelOf(macroblock.Segment, macroblock.Info) | (inside ? FilterInside : 0));
    }

    /// <summary>All macroblocks of a row are decoded.</summary>
    public void RowDecoded(int row)
    {
        if (row > 0)
        {
            FilterRow(row - 1);
        }

        if (row > 1)
        {
            HandOn(row - 2);
        }
    }

    public void EndFrame()
    {
        FilterRow(rows - 1);
        for (var row = Math.Max(0, rows - 2); row < rows; row++)
        {
            HandOn(row);
        }

        _picture.ExtendTopAndBottom();
        (_picture, _levels, _output) = (null!, null!, default);
    }

    private void FilterRow(int row)
    {
        if (_levels.IsOff)
        {
            return;
        }

        var filters = _filters.AsSpan(row * columns, columns);
        for (var column = 0; column < filters.Length; column++)
        {
            var level = filters[column] & ~FilterInside;
            if (level == 0)
            {
                continue;
            }

            var inside = (filters[column] & FilterInside) != 0;
            if (_levels.IsSimple)
            {
                SimpleLoopFilter.FilterMacroblock(_picture.Y, column, row, _levels.Limits(level), inside);
            }
            else
            {
                LoopFilter.FilterMacroblock(_picture, column, row, _levels.Limits(level), inside);
            }
        }
    }

    private void HandOn(int row)
    {
        _picture.ExtendSides(row);
        _output.CopyRow(_picture, row);
    }
}
