using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// Finds how strong the loop filter should be: of some rows a copy is filtered less and one more than the picture, and the next frame leans towards what
/// was closer to the source. Each row has its own memory, so that the outcome is the same whoever filters which.
/// </summary>
internal sealed unsafe class FilterTrial
{
    /// <summary>A frame's level is its quantizer index times this, in 1/32.</summary>
    public const int InitialStrength = 16;

    private const int MinStrength = 6;
    private const int MaxStrength = 32;
    private const int RowsBetween = 24;

    private readonly FrameState _state;
    private readonly FrameInputs _inputs;
    private readonly FrameBuffer[] _copies;
    private readonly long[] _gains;

    public FilterTrial(FrameState state, FrameInputs inputs)
    {
        (_state, _inputs) = (state, inputs);
        _gains = new long[(state.Rows + RowsBetween - 1) / RowsBetween];
        _copies = new FrameBuffer[_gains.Length];
        for (var i = 0; i < _copies.Length; i++)
        {
            _copies[i] = new FrameBuffer(state.Columns, 2);
        }
    }

    public void BeginFrame() => Array.Clear(_gains);

    /// <summary>Whether a row, but not the first, is tried in this frame: other rows in each.</summary>
    public bool IsTried(int row) => row > 0 && !_inputs.IsKeyFrame && (row + (_state.FrameNumber * 5)) % RowsBetween == 0;

    /// <summary>Filters copies of a row's luma. The row above is filtered, this one not yet.</summary>
    public void Try(int row)
    {
        var difference = Math.Max(2, _inputs.FilterLevel / 4);
        _gains[row / RowsBetween] = ErrorAt(row, Math.Max(0, _inputs.FilterLevel - difference))
            - ErrorAt(row, Math.Min(LoopFilterLimits.MaxLevel, _inputs.FilterLevel + difference));
    }

    /// <summary>The strength for the next frame.</summary>
    public int Next(int strength)
    {
        long gain = 0;
        foreach (var row in _gains)
        {
            gain += row;
        }

        return Math.Clamp(strength + Math.Sign(gain), MinStrength, MaxStrength);
    }

    private long ErrorAt(int row, int frameLevel)
    {
        var copy = _copies[row / RowsBetween];
        var (picture, source) = (_inputs.Target.Y, _inputs.Source.Y);
        for (var y = 8; y < 32; y++)
        {
            new ReadOnlySpan<byte>(picture.At(0, (row * 16) + y - 16), picture.Width).CopyTo(new Span<byte>(copy.Y.At(0, y), copy.Y.Width));
        }

        long error = 0;
        for (var column = 0; column < _state.Columns; column++)
        {
            ref var info = ref _state.Info(column, row);
            var level = FilterAdjustments.LevelOf(FilterAdjustments.IndexOf(info), frameLevel);
            if (level > 0)
            {
                LoopFilter.FilterMacroblock(copy, column, 1, LoopFilterLimits.For(level, 0, isKeyFrame: false), info.FiltersInside);
            }
        }

        for (var x = 0; x < picture.Width; x += 16)
        {
            error += BlockMetrics.Sse(source.At(x, row * 16), source.Stride, copy.Y.At(x, 16), copy.Y.Stride, 16, 16);
        }

        return error;
    }
}
