using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>Finds where in a reference picture a macroblock's luma comes from: whole pixels first, then halves and quarters.</summary>
internal sealed unsafe class MotionSearch
{
    private const int MaxRounds = 16;
    private const int MaxQuarterRounds = 3;
    private const int Up = 0;
    private const int Down = 1;
    private const int Left = 2;
    private const int Right = 3;

    private readonly byte[] _scratchMemory = GC.AllocateArray<byte>(256, pinned: true);
    private readonly byte* _scratch;

    private byte* _source;
    private int _sourceStride;
    private Plane _reference;
    private int _x;
    private int _y;
    private int _size = 16;
    private MotionVector _predicted;
    private FrameQuantizers _quantizers = new();

    // Vectors within are in the picture's surroundings and can be written.
    private MotionBounds _bounds;

    private MotionVector _best;
    private int _bestCost;

    // What the four neighbours of the best whole-pixel vector cost.
    private Costs4 _around;

    public MotionSearch() => _scratch = (byte*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(_scratchMemory, 0);

    public VectorCosts Costs { get; } = new();

    /// <summary>Where a search starts too, unless zero.</summary>
    public MotionVector Scroll { get; set; }

    /// <summary>Sets what the following calls are about: the macroblock at pixel (x, y) and the picture to look in.</summary>
    public void Begin(byte* source, int sourceStride, Plane reference, int x, int y, MotionVector predicted, in MotionBounds bounds, FrameQuantizers quantizers)
    {
        _source = source;
        (_sourceStride, _reference, _x, _y) = (sourceStride, reference, x, y);
        (_predicted, _quantizers) = (predicted, quantizers);
        _bounds = new MotionBounds(
            Math.Max(bounds.MinRow, predicted.Row - VectorCosts.MaxDelta),
            Math.Min(bounds.MaxRow, predicted.Row + VectorCosts.MaxDelta),
            Math.Max(bounds.MinColumn, predicted.Column - VectorCosts.MaxDelta),
            Math.Min(bounds.MaxColumn, predicted.Column + VectorCosts.MaxDelta));
    }

    /// <summary>Sum of absolute differences at a vector, sub-pixel ones interpolated.</summary>
    public int SadAt(MotionVector vector)
    {
        var place = At(vector);
        if (((vector.Row | vector.Column) & 3) == 0)
        {
            return Sad(place, _reference.Stride);
        }

        SubpelFilter.Predict(place, _reference.Stride, _scratch, 16, _size, _size, (vector.Column & 3) * 2, (vector.Row & 3) * 2);
        return Sad(_scratch, 16);
    }

    /// <summary>The prediction that vectors are written as differences to.</summary>
    public MotionVector Predicted => _predicted;

    /// <summary>Whether a vector points into the picture's surroundings and can be written.</summary>
    public bool IsAllowed(MotionVector vector) => IsInside(vector, 0);

    /// <summary>Sums of absolute differences of the four quarters.</summary>
    public void SadQuarters(MotionVector vector, Span<int> sums)
    {
        var (place, stride) = ((nint)At(vector), _reference.Stride);
        if (((vector.Row | vector.Column) & 3) != 0)
        {
            SubpelFilter.Predict((byte*)place, stride, _scratch, 16, 16, 16, (vector.Column & 3) * 2, (vector.Row & 3) * 2);
            (place, stride) = ((nint)_scratch, 16);
        }

        BlockMetrics.SadQuarters(_source, _sourceStride, (byte*)place, stride, sums);
    }

    /// <summary>The best vector for one quarter that is found downhill from a start, rounded to whole pixels; zero where no vector can be written.</summary>
    public MotionVector AroundQuarter(int quarter, MotionVector start)
    {
        var (x, y) = ((quarter & 1) * 8, (quarter >> 1) * 8);
        _source += (y * _sourceStride) + x;
        (_x, _y, _size) = (_x + x, _y + y, 8);
        (_best, _bestCost) = (default, int.MaxValue);
        Try(WholePixel(start));
        if (_bestCost != int.MaxValue)
        {
            Walk(4, MaxQuarterRounds);
            Refine();
        }

        _source -= (y * _sourceStride) + x;
        (_x, _y, _size) = (_x - x, _y - y, 16);
        return _best;
    }

    /// <summary>Sum of absolute differences to the same place in another picture.</summary>
    public int StillSad(Plane other) => BlockMetrics.Sad16(_source, _sourceStride, other.At(_x, _y), other.Stride);

    /// <summary>How far the macroblock itself is from an even grey: the sum of absolute differences to its own mean.</summary>
    public int Unevenness()
    {
        var row = new Span<byte>(_scratch, 16);
        row.Clear();
        var sum = BlockMetrics.Sad16(_source, _sourceStride, _scratch, 0);
        row.Fill((byte)((sum + 128) >> 8));
        return BlockMetrics.Sad16(_source, _sourceStride, _scratch, 0);
    }

    /// <summary>The best vector found from two starts and <see cref="Scroll"/>, rounded to whole pixels, and its SAD; that is <see cref="int.MaxValue"/> where no vector can be written.</summary>
    public MotionVector Search(MotionVector start, MotionVector other, int farLimit, out int sad)
    {
        (_best, _bestCost) = (default, int.MaxValue);
        var (first, second) = (WholePixel(start), WholePixel(other));
        Try(first);
        if (second != first)
        {
            Try(second);
        }

        if (!Scroll.IsZero)
        {
            Try(Scroll);
        }

        if (_bestCost == int.MaxValue)
        {
            sad = int.MaxValue;
            return default;
        }

        // Nothing near fits: look further away in shrinking steps before walking downhill.
        if (_bestCost > farLimit)
        {
            for (var step = 16; step >= 4; step >>= 1)
            {
                Walk(step * 4, 2);
            }
        }

        Walk(8, MaxRounds);
        Walk(4, MaxRounds);
        Refine();
        sad = _bestCost - VectorCost(_best);
        return _best;
    }

    private int Sad(byte* place, int stride) =>
        _size == 16 ? BlockMetrics.Sad16(_source, _sourceStride, place, stride) : BlockMetrics.Sad8(_source, _sourceStride, place, stride);

    private byte* At(MotionVector vector) => _reference.At(_x + (vector.Column >> 2), _y + (vector.Row >> 2));

    private static MotionVector WholePixel(MotionVector vector) => new((short)((vector.Row + 2) & ~3), (short)((vector.Column + 2) & ~3));

    private int VectorCost(MotionVector vector) => _quantizers.SadOf(Costs.Of(vector, _predicted));

    private bool IsInside(MotionVector vector, int margin) =>
        vector.Row - margin >= _bounds.MinRow && vector.Row + margin <= _bounds.MaxRow
        && vector.Column - margin >= _bounds.MinColumn && vector.Column + margin <= _bounds.MaxColumn;

    private int Try(MotionVector vector)
    {
        if (!IsInside(vector, 0))
        {
            return int.MaxValue;
        }

        var cost = VectorCost(vector) + SadAt(vector);
        if (cost < _bestCost)
        {
            (_best, _bestCost) = (vector, cost);
        }

        return cost;
    }

    // Steps to the best of four neighbours for as long as that helps.
    private void Walk(int step, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            var center = _best;
            if (_size == 16 && IsInside(center, step))
            {
                LookAround(center, step);
            }
            else
            {
                _around.Up = Try(Offset(center, -step, 0));
                _around.Down = Try(Offset(center, step, 0));
                _around.Left = Try(Offset(center, 0, -step));
                _around.Right = Try(Offset(center, 0, step));
            }

            if (_best == center)
            {
                return;
            }
        }
    }

    private void LookAround(MotionVector center, int step)
    {
        var place = At(center);
        var (rows, columns) = ((nint)(step >> 2) * _reference.Stride, step >> 2);
        var sads = stackalloc int[4];
        BlockMetrics.Sad16Four(_source, _sourceStride, place - rows, place + rows, place - columns, place + columns, _reference.Stride, sads);
        _around.Up = Keep(sads[Up], Offset(center, -step, 0));
        _around.Down = Keep(sads[Down], Offset(center, step, 0));
        _around.Left = Keep(sads[Left], Offset(center, 0, -step));
        _around.Right = Keep(sads[Right], Offset(center, 0, step));
    }

    private int Keep(int sad, MotionVector vector)
    {
        var cost = sad + VectorCost(vector);
        if (cost < _bestCost)
        {
            (_best, _bestCost) = (vector, cost);
        }

        return cost;
    }

    // Halves, then quarters, each only on the side where the next known neighbour is better, and the diagonal between the two.
    private void Refine()
    {
        var whole = _best;
        var row = _around.Up < _around.Down ? -1 : 1;
        var column = _around.Left < _around.Right ? -1 : 1;
        var (wholeCost, rowCost, columnCost) = (_bestCost, Math.Min(_around.Up, _around.Down), Math.Min(_around.Left, _around.Right));
        Look(2 * row, 2 * column);

        // From a half on, the quarter lies towards the better of the whole pixels around it.
        var half = _best;
        row = half.Row != whole.Row && wholeCost < rowCost ? -row : row;
        column = half.Column != whole.Column && wholeCost < columnCost ? -column : column;
        Look(row, column);
    }

    private void Look(int row, int column)
    {
        var center = _best;
        Try(Offset(center, row, 0));
        Try(Offset(center, 0, column));
        Try(Offset(center, row, column));
    }

    private static MotionVector Offset(MotionVector center, int rows, int columns) => new((short)(center.Row + rows), (short)(center.Column + columns));

    private struct Costs4
    {
        public int Up;
        public int Down;
        public int Left;
        public int Right;
    }
}
