using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// Finds by how many rows what a screen shows has jumped since the reference picture: further than a search around a macroblock looks. Of some upright bands
/// the means of each row are compared, at every distance; only rows that changed count.
/// </summary>
internal sealed unsafe class ScrollSearch
{
    private const int Reach = 255;
    private const int BandWidth = 32;
    private const int MaxBands = 8;
    private const int BandSpacing = 64;

    // How far a row's mean must be off to have changed, and how far those that have must be off on average for a search: a camera's picture seldom is.
    private const int Changed = 3;
    private const int FarOff = 12;
    private const int Sparse = 8;

    // After a search for nothing some frames have none; twice as many each time.
    private const int MaxPause = 16;

    private readonly int _rows;
    private readonly int _bands;
    private readonly int _lane;
    private readonly byte[] _memory;
    private readonly byte* _source;
    private readonly byte* _still;
    private readonly byte* _reference;
    private int _pause;
    private int _wait;

    public ScrollSearch(int width, int height)
    {
        (_rows, _bands) = (height, Math.Min(MaxBands, width / BandSpacing));
        _lane = height + (2 * Reach) + 2;
        _memory = GC.AllocateArray<byte>(Math.Max(1, _bands * (height + height + _lane)), pinned: true);
        _source = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0);
        _still = _source + (_bands * height);
        _reference = _still + (_bands * height);
    }

    /// <summary>The vector of what has jumped up or down; zero where nothing has.</summary>
    public MotionVector Find(in Plane source, in Plane reference)
    {
        if (_wait > 0)
        {
            _wait--;
            return default;
        }

        // A few rows tell most pictures apart from one that is worth more work.
        if (!IsFarOff(Gather(source, reference, Sparse, out var changed), changed, Sparse))
        {
            return default;
        }

        var still = Gather(source, reference, 1, out _);
        var (best, distance) = (still / 2, 0);
        for (var candidate = -Reach; candidate <= Reach; candidate++)
        {
            var sum = Difference(candidate, best);
            if (sum < best)
            {
                (best, distance) = (sum, candidate);
            }
        }

        _pause = distance != 0 ? 0 : Math.Min(MaxPause, (_pause * 2) + 1);
        _wait = _pause;
        return new MotionVector((short)(distance * 4), 0);
    }

    private bool IsFarOff(int sum, int changed, int every) => changed >= Math.Max(1, _bands * _rows / (every * 32)) && sum >= changed * FarOff;

    // Of every so many rows the means and how far they are off, if at all; how many are, and by how much together.
    private int Gather(in Plane source, in Plane reference, int every, out int changed)
    {
        (changed, var sum) = (0, 0);
        for (var y = 0; y < _rows; y += every)
        {
            for (var band = 0; band < _bands; band++)
            {
                var x = (source.Width * ((2 * band) + 1) / (2 * _bands)) - (BandWidth / 2);
                var (mean, other) = (Mean(source.At(x, y)), Mean(reference.At(x, y)));
                var difference = Math.Abs(mean - other);
                var hasChanged = difference >= Changed;
                _source[(band * _rows) + y] = (byte)mean;
                _still[(band * _rows) + y] = hasChanged ? (byte)difference : (byte)0;
                _reference[(band * _lane) + Reach + y] = (byte)other;
                sum += hasChanged ? difference : 0;
                changed += hasChanged ? 1 : 0;
            }
        }

        for (var band = 0; band < _bands; band++)
        {
            // Beyond its ends the picture goes on as it ends.
            var lane = new Span<byte>(_reference + (band * _lane), _lane);
            lane[..Reach].Fill(lane[Reach]);
            lane[(Reach + _rows)..].Fill(lane[Reach + _rows - 1]);
        }

        return sum;
    }

    // To the rows so many further down in the reference picture; a row that fits no better there counts as it stands. Ends once it is not below the limit.
    private int Difference(int distance, int limit)
    {
        var sum = 0;
        for (var band = 0; band < _bands && sum < limit; band++)
        {
            sum += CappedSad(_source + (band * _rows), _reference + (band * _lane) + Reach + distance, _still + (band * _rows), _rows);
        }

        return sum;
    }

    private static int Mean(byte* pixels) => BlockMetrics.Sum32(pixels) / BandWidth;

    // Rows come in sixteens.
    private static int CappedSad(byte* a, byte* b, byte* caps, int count)
    {
        // A lane takes up to 510 in each turn.
        const int Turns = 128;
        var total = 0;
        for (var i = 0; i < count;)
        {
            var sums = Vector128<ushort>.Zero;
            for (var end = Math.Min(count, i + (Turns * 16)); i < end; i += 16)
            {
                var (p, q) = (Vector128.Load(a + i), Vector128.Load(b + i));
                var (low, high) = Vector128.Widen(Vector128.Min(Vector128.Max(p, q) - Vector128.Min(p, q), Vector128.Load(caps + i)));
                sums += low + high;
            }

            var (first, second) = Vector128.Widen(sums);
            total += (int)Vector128.Sum(first + second);
        }

        return total;
    }
}
