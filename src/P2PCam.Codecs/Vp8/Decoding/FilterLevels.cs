using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Decoding;

/// <summary>The frame's loop filter and how its level varies by segment, reference and mode (RFC 6386 sections 9.3, 9.6 and 15).</summary>
internal sealed class FilterLevels
{
    private const int ModeKinds = 4;
    private const int References = 4;

    // The adjustments last until changed or a key frame.
    private readonly int[] _byReference = new int[References];
    private readonly int[] _byMode = new int[ModeKinds];
    private readonly byte[] _levels = new byte[Segmentation.Count * References * ModeKinds];
    private readonly LoopFilterLimits[] _limits = new LoopFilterLimits[LoopFilterLimits.MaxLevel + 1];
    private bool _isAdjusted;
    private int _level;
    private int _sharpness;

    /// <summary>The simple filter, of luma only.</summary>
    public bool IsSimple { get; private set; }

    /// <summary>Nothing is filtered where the frame's own level is 0, whatever the adjustments.</summary>
    public bool IsOff => _level == 0;

    public void Reset()
    {
        Array.Clear(_byReference);
        Array.Clear(_byMode);
    }

    // simple 1 | level 6 | sharpness 3 | adjusted 1; where set: update 1; where set: 4 references, then 4 modes, 1 + 6 bits and sign each
    public void Read(ref BoolDecoder header)
    {
        IsSimple = header.ReadFlag();
        _level = header.ReadLiteral(6);
        _sharpness = header.ReadLiteral(3);
        _isAdjusted = header.ReadFlag();
        if (_isAdjusted && header.ReadFlag())
        {
            ReadChanges(ref header, _byReference);
            ReadChanges(ref header, _byMode);
        }
    }

    /// <summary>Works out all levels of the frame.</summary>
    public void Prepare(Segmentation segmentation, bool isKeyFrame)
    {
        for (var level = 0; level < _limits.Length; level++)
        {
            _limits[level] = LoopFilterLimits.For(level, _sharpness, isKeyFrame);
        }

        for (var i = 0; i < _levels.Length; i++)
        {
            var (segment, reference, kind) = (i / (References * ModeKinds), i / ModeKinds % References, i % ModeKinds);
            var level = segmentation.FilterLevelOf(segment, _level);
            if (_isAdjusted)
            {
                // Of intra macroblocks only those with subblock modes are adjusted by mode.
                level += _byReference[reference] + (reference == 0 && kind != 0 ? 0 : _byMode[kind]);
            }

            _levels[i] = (byte)Math.Clamp(level, 0, LoopFilterLimits.MaxLevel);
        }
    }

    public byte LevelOf(int segment, in MacroblockInfo info)
    {
        var kind = info.Mode switch
        {
            MacroblockMode.Subblocks => 0,
            MacroblockMode.SplitMv => 3,
            MacroblockMode.NearestMv or MacroblockMode.NearMv or MacroblockMode.NewMv => 2,
            _ => 1,
        };
        return _levels[(((segment * References) + (int)info.Reference) * ModeKinds) + kind];
    }

    public ref readonly LoopFilterLimits Limits(int level) => ref _limits[level];

    private static void ReadChanges(ref BoolDecoder header, int[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (header.ReadFlag())
            {
                values[i] = header.ReadSigned(6);
            }
        }
    }
}
