namespace P2PCam.Codecs.Jpeg.Decoding;

/// <summary>Counts MCUs from one restart marker to the next (ITU-T T.81 E.1.4).</summary>
internal struct RestartPlace(int interval)
{
    private readonly int _interval = interval;
    private int _left = interval;
    private int _number;

    /// <summary>To be asked before each MCU: whether a marker must come first, and its number 0 to 7.</summary>
    public bool IsHere(out int number)
    {
        number = _number;
        if (_interval == 0 || _left-- > 0)
        {
            return false;
        }

        _left = _interval - 1;
        _number = (_number + 1) & 7;
        return true;
    }
}
