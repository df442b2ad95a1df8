namespace P2PCam.Codecs.Frames.Scaling;

/// <summary>Scales one tightly packed plane: down the columns into a line of 8.8 fixed point first, then along that line.</summary>
internal sealed class PlaneScaler
{
    private readonly int _fromWidth;
    private readonly int _toWidth;
    private readonly FilterTable _along;
    private readonly FilterTable _down;
    private readonly ushort[] _line;

    public PlaneScaler(int fromWidth, int fromHeight, int toWidth, int toHeight)
    {
        (_fromWidth, _toWidth) = (fromWidth, toWidth);
        (_along, _down) = (new(fromWidth, toWidth), new(fromHeight, toHeight));
        _line = new ushort[fromWidth];
        IsHalving = fromWidth == 2 * toWidth && fromHeight == 2 * toHeight;
    }

    /// <summary>Both sides shrink to exactly one half: the common case, with a kernel of its own that gives the same bytes.</summary>
    public bool IsHalving { get; }

    public void Scale(ReadOnlySpan<byte> from, Span<byte> to)
    {
        if (!IsHalving)
        {
            ScaleByFilter(from, to);
            return;
        }

        for (var row = 0; row < _down.Length; row++)
        {
            var upper = from.Slice(2 * row * _fromWidth, _fromWidth);
            ScalingKernels.Halve(upper, from.Slice(((2 * row) + 1) * _fromWidth, _fromWidth), to.Slice(row * _toWidth, _toWidth));
        }
    }

    internal void ScaleByFilter(ReadOnlySpan<byte> from, Span<byte> to)
    {
        for (var row = 0; row < _down.Length; row++)
        {
            ScalingKernels.Down(from[(_down.Start(row) * _fromWidth)..], _fromWidth, _down.Weights(row), _line);
            ScalingKernels.Along(_line, _along, to.Slice(row * _toWidth, _toWidth));
        }
    }
}
