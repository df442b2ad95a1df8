namespace P2PCam.WebRtc.Receiving;

/// <summary>Extends 16-bit sequence numbers to 64 bits by taking each for the nearest one to the highest so far.</summary>
internal struct SequenceUnwrapper
{
    private long _highest;
    private bool _started;

    /// <summary>The highest so far; a count of wraps lies above its lower 16 bits.</summary>
    public readonly long Highest => _highest;

    /// <summary>Whether anything was unwrapped yet.</summary>
    public readonly bool HasStarted => _started;

    public long Unwrap(ushort sequenceNumber)
    {
        if (!_started)
        {
            _started = true;
            // One cycle up, so that packets from before the first one do not become negative.
            return _highest = 0x1_0000L + sequenceNumber;
        }

        var extended = Peek(sequenceNumber);
        _highest = Math.Max(_highest, extended);
        return extended;
    }

    /// <summary>The same without taking note of it; only once something was unwrapped.</summary>
    public readonly long Peek(ushort sequenceNumber) => _highest + (short)(sequenceNumber - (ushort)_highest);
}
