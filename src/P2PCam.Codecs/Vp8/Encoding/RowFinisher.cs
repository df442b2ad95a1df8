using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// Loop filter and border, row by row behind the coding: a row is filtered once the row below is coded, which is predicted from unfiltered pixels,
/// and gets its border once the row below is filtered, which changes its last three lines.
/// </summary>
internal sealed class RowFinisher(FrameState state, FrameInputs inputs)
{
    private readonly RowProgress _filtered = new(state.Rows);
    private readonly FilterTrial _trial = new(state, inputs);
    private readonly LoopFilterLimits[] _limits = new LoopFilterLimits[FilterAdjustments.Count];
    private readonly int[] _levels = new int[FilterAdjustments.Count];

    public void BeginFrame()
    {
        _filtered.Reset();
        _trial.BeginFrame();
        for (var i = 0; i < FilterAdjustments.Count; i++)
        {
            _levels[i] = FilterAdjustments.LevelOf(i, inputs.FilterLevel);
            _limits[i] = LoopFilterLimits.For(_levels[i], 0, inputs.IsKeyFrame);
        }
    }

    public void EndFrame() => inputs.FilterStrength = _trial.Next(inputs.FilterStrength);

    public void Abort() => _filtered.Abort();

    /// <summary>Does what can be done once a row, and thereby all above it, is coded. Called by the thread that coded it.</summary>
    public void RowCoded(int row)
    {
        if (row > 0)
        {
            Filter(row - 1);
        }

        if (row > 1)
        {
            inputs.Target.ExtendSides(row - 2);
        }

        if (row == state.Rows - 1)
        {
            Filter(row);
            for (var last = Math.Max(0, row - 1); last <= row; last++)
            {
                inputs.Target.ExtendSides(last);
            }
        }
    }

    // Macroblocks are filtered as if in raster order: the one above and its right neighbour come first.
    private void Filter(int row)
    {
        var ready = row == 0 ? int.MaxValue : 0;
        if (_trial.IsTried(row))
        {
            ready = _filtered.WaitFor(row - 1, state.Columns);
            _trial.Try(row);
        }

        for (var column = 0; column < state.Columns; column++)
        {
            var needed = Math.Min(column + 2, state.Columns);
            if (ready < needed)
            {
                ready = _filtered.WaitFor(row - 1, needed);
            }

            ref var info = ref state.Info(column, row);
            var adjustment = FilterAdjustments.IndexOf(info);
            if (_levels[adjustment] > 0)
            {
                LoopFilter.FilterMacroblock(inputs.Target, column, row, _limits[adjustment], info.FiltersInside);
            }

            _filtered.Publish(row, column + 1);
        }
    }
}
