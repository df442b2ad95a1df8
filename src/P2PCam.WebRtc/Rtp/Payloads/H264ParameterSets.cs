namespace P2PCam.WebRtc.Rtp.Payloads;

/// <summary>
/// The sequence and picture parameter sets that were seen last, by their ids (ITU-T H.264 sections 7.3.2.1 and 7.3.2.2), in Annex B form.
/// Whoever joins needs them in front of the first picture, and many encoders send them only once.
/// </summary>
internal sealed class H264ParameterSets
{
    // Real ones take some tens of bytes, and streams have one or two of each kind.
    internal const int MaxSetBytes = 1024;
    private const int MaxSets = 16;
    private readonly List<(int Key, byte[] Nal)> _sets = [];
    private byte[] _annexB = [];

    /// <summary>All sets, the sequences' first, each behind a start code; empty before the first.</summary>
    public ReadOnlySpan<byte> AnnexB => _annexB;

    /// <summary>Whether there is at least one of each kind.</summary>
    public bool IsComplete => _sets.Count > 1 && IsSequence(_sets[0].Key) && !IsSequence(_sets[^1].Key);

    /// <summary>Keeps a set in the place of the one with its id; what is no parameter set, or a damaged one, is left out.</summary>
    public void Remember(ReadOnlySpan<byte> nal)
    {
        if (nal.Length > MaxSetBytes || TryReadKey(nal) is not { } key)
        {
            return;
        }

        var index = 0;
        while (index < _sets.Count && _sets[index].Key < key)
        {
            index++;
        }

        if (index < _sets.Count && _sets[index].Key == key)
        {
            if (nal.SequenceEqual(_sets[index].Nal))
            {
                return;
            }

            _sets[index] = (key, nal.ToArray());
        }
        else if (_sets.Count < MaxSets)
        {
            _sets.Insert(index, (key, nal.ToArray()));
        }
        else
        {
            return;
        }

        _annexB = [.. _sets.SelectMany(each => (byte[])[.. H264Nal.StartCode, .. each.Nal])];
    }

    /// <summary>Keeps the sets of sprop-parameter-sets: NAL units in base64 with commas between. What is none is left out.</summary>
    public void RememberAll(string? parameterSets)
    {
        Span<byte> nal = stackalloc byte[MaxSetBytes];
        foreach (var part in parameterSets.AsSpan().Split(','))
        {
            // Some leave out the padding at the end.
            var text = parameterSets.AsSpan()[part].Trim();
            var missing = "==="[..((4 - (text.Length % 4)) % 4)];
            if (Convert.TryFromBase64String($"{text}{missing}", nal, out var length))
            {
                Remember(nal[..length]);
            }
        }
    }

    private static bool IsSequence(int key) => key < 32;

    // Ids of sequences are below 32; those of pictures, below 256, sort behind them.
    private static int? TryReadKey(ReadOnlySpan<byte> nal)
    {
        switch (nal.IsEmpty ? 0 : H264Nal.Type(nal[0]))
        {
            case H264Nal.SequenceParameterSet when nal.Length > 4:
                return TryReadId(nal[4..], 32);
            case H264Nal.PictureParameterSet when nal.Length > 1:
                return 32 + TryReadId(nal[1..], 256);
            default:
                return null;
        }
    }

    /// <summary>The id that a set begins with; null when it is cut off, or none.</summary>
    private static int? TryReadId(ReadOnlySpan<byte> payload, uint end)
    {
        var reader = new RbspReader(payload);
        var id = reader.ReadUnsigned();
        return !reader.IsExhausted && id < end ? (int)id : null;
    }
}
