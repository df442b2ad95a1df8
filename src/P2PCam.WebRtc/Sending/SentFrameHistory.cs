using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Sending;

/// <summary>
/// The frames that were sent lately and the sequence numbers they went out with. Frames are shared among all viewers, so a history
/// costs a reference per frame and not a copy.
/// </summary>
internal sealed class SentFrameHistory(TimeSpan keep)
{
    private const int Capacity = 256;
    private const int ResendSlots = 4096;
    private readonly Entry[] _entries = new Entry[Capacity];
    private readonly TimeSpan[] _lastResend = new TimeSpan[ResendSlots];
    private int _first;
    private int _count;

    public void Add(TimeSpan now, PacketizedFrame frame, ushort firstSequenceNumber)
    {
        Expire(now);
        if (_count == Capacity)
        {
            RemoveOldest();
        }

        frame.AddReference();
        _entries[(_first + _count) % Capacity] = new Entry(frame, firstSequenceNumber, now);
        _count++;
        for (var i = 0; i < frame.PacketCount; i++)
        {
            _lastResend[(ushort)(firstSequenceNumber + i) % ResendSlots] = TimeSpan.MinValue;
        }
    }

    /// <summary>Finds a sent packet that may be resent now; <paramref name="minInterval"/> keeps repeated requests for one packet from multiplying it.</summary>
    public bool TryTake(TimeSpan now, ushort sequenceNumber, TimeSpan minInterval, out PacketizedFrame frame, out int index)
    {
        for (var i = _count - 1; i >= 0; i--)
        {
            ref readonly var entry = ref _entries[(_first + i) % Capacity];
            index = (ushort)(sequenceNumber - entry.FirstSequenceNumber);
            if (index >= entry.Frame.PacketCount)
            {
                continue;
            }

            frame = entry.Frame;
            ref var last = ref _lastResend[sequenceNumber % ResendSlots];
            if (now - entry.SentAt > keep || (last != TimeSpan.MinValue && now - last < minInterval))
            {
                return false;
            }

            last = now;
            return true;
        }

        (frame, index) = (null!, 0);
        return false;
    }

    public void Clear()
    {
        while (_count > 0)
        {
            RemoveOldest();
        }
    }

    private void Expire(TimeSpan now)
    {
        while (_count > 0 && now - _entries[_first].SentAt > keep)
        {
            RemoveOldest();
        }
    }

    private void RemoveOldest()
    {
        _entries[_first].Frame.Release();
        _entries[_first] = default;
        _first = (_first + 1) % Capacity;
        _count--;
    }

    private readonly record struct Entry(PacketizedFrame Frame, ushort FirstSequenceNumber, TimeSpan SentAt);
}
