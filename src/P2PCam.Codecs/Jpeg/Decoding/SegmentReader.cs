namespace P2PCam.Codecs.Jpeg.Decoding;

/// <summary>
/// Goes from marker to marker (ITU-T T.81 B.1.1): FF, any number of times, and the marker; for most, a length 16 (with itself) and so much
/// less two of payload.
/// Bytes between segments, which cameras and editors leave there, are passed over.
/// </summary>
internal ref struct SegmentReader(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> _data = data;
    private int _position;

    /// <summary>What follows the last segment.</summary>
    public readonly ReadOnlySpan<byte> Rest => _data[_position..];

    public bool StartsWithImage()
    {
        _position = 2;
        return _data.Length >= 2 && _data[0] == 0xFF && _data[1] == JpegMarker.Soi;
    }

    /// <summary>The next segment; false with the reason where there is none.</summary>
    public bool TryRead(out byte marker, out ReadOnlySpan<byte> payload, out Outcome outcome)
    {
        (marker, outcome) = (0, Outcome.Truncated("The data ends before the picture does."));
        payload = default;
        if (!TryFindMarker(out marker))
        {
            return false;
        }

        if (marker is JpegMarker.Eoi or (>= JpegMarker.Rst0 and <= JpegMarker.Rst7))
        {
            outcome = Outcome.Ok;
            return true;
        }

        if (marker == JpegMarker.Soi)
        {
            outcome = Outcome.Corrupt("Another picture begins within this one.");
            return false;
        }

        if (_data.Length - _position < 2)
        {
            return false;
        }

        var length = (_data[_position] << 8) | _data[_position + 1];
        if (length < 2 && marker >= JpegMarker.App0)
        {
            // Of no use to the picture: what follows is found all the same.
            outcome = Outcome.Ok;
            return true;
        }

        if (length < 2)
        {
            outcome = Outcome.Corrupt("A segment is shorter than its own length.");
            return false;
        }

        if (length > _data.Length - _position)
        {
            return false;
        }

        payload = _data.Slice(_position + 2, length - 2);
        _position += length;
        outcome = Outcome.Ok;
        return true;
    }

    // What is below C0 is reserved or without meaning (table B.1): stray bytes.
    private bool TryFindMarker(out byte marker)
    {
        for (marker = 0; marker < JpegMarker.Sof0;)
        {
            var next = _position < _data.Length ? _data[_position..].IndexOf((byte)0xFF) : -1;
            var code = next < 0 ? -1 : _data[(_position + next)..].IndexOfAnyExcept((byte)0xFF);
            if (code < 0)
            {
                _position = _data.Length;
                return false;
            }

            _position += next + code;
            marker = _data[_position++];
        }

        return true;
    }

    /// <summary>Goes past entropy-coded data, to the next marker that is not part of it.</summary>
    public void SkipScan()
    {
        while (_position + 1 < _data.Length && (_data[_position] != 0xFF || _data[_position + 1] is 0 or (>= JpegMarker.Rst0 and <= JpegMarker.Rst7)))
        {
            _position++;
        }
    }
}
