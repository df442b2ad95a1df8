using P2PCam.WebRtc.Rtcp;

namespace P2PCam.WebRtc.Receiving;

/// <summary>
/// When each packet of a transport arrived, by its transport-wide sequence number, and the feedback about it
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01): from this a sender estimates what the path can take.
/// </summary>
internal sealed class TransportArrivals
{
    // Some seconds of the fastest stream; what jumps further is another stream.
    private const int Capacity = 8192;
    private const int PerPacket = 400;

    // What overtaken packets may be late by; later ones were reported as lost and stay so.
    private const int MaxLate = 1000;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private readonly long[] _arrivals = new long[Capacity];
    private SequenceUnwrapper _sequence;
    private long _next = -1;
    private byte _feedbackCount;

    public TransportArrivals() => Array.Fill(_arrivals, TransportFeedbackWriter.NotReceived);

    /// <summary>When <see cref="Write"/> will have something; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    public TimeSpan NextTimeout { get; private set; } = TimeSpan.MaxValue;

    public void OnPacket(TimeSpan now, ushort sequenceNumber)
    {
        var (before, started) = (_sequence.Highest, _sequence.HasStarted);
        var number = _sequence.Unwrap(sequenceNumber);
        if (!started || number - before >= Capacity)
        {
            Array.Fill(_arrivals, TransportFeedbackWriter.NotReceived);
            _next = number;
        }
        else if (number <= before && (before - number >= MaxLate || _arrivals[number % Capacity] != TransportFeedbackWriter.NotReceived))
        {
            return;
        }
        else
        {
            for (var skipped = before + 1; skipped < number; skipped++)
            {
                _arrivals[skipped % Capacity] = TransportFeedbackWriter.NotReceived;
            }
        }

        // One that was overtaken is reported again from there on; the sender skips what it knows.
        _arrivals[number % Capacity] = now.Ticks / TransportFeedback.TickLength.Ticks;
        _next = Math.Min(_next, number);
        NextTimeout = now + Interval < NextTimeout ? now + Interval : NextTimeout;
    }

    /// <summary>Writes one feedback packet, when one is due; returns its length, or 0.</summary>
    public int Write(TimeSpan now, Span<byte> destination, uint localSsrc, uint mediaSsrc)
    {
        if (now < NextTimeout)
        {
            return 0;
        }

        Span<long> arrivals = stackalloc long[PerPacket];
        while (_next <= _sequence.Highest && _arrivals[_next % Capacity] == TransportFeedbackWriter.NotReceived)
        {
            _next++;
        }

        var count = (int)Math.Min(PerPacket, _sequence.Highest + 1 - _next);
        for (var i = 0; i < count; i++)
        {
            arrivals[i] = _arrivals[(_next + i) % Capacity];
        }

        var source = new FeedbackSource(localSsrc, mediaSsrc, _feedbackCount++);
        var length = TransportFeedbackWriter.Write(destination, source, (ushort)_next, arrivals[..count], out var reported);
        _next += reported;
        NextTimeout = _next <= _sequence.Highest ? now : TimeSpan.MaxValue;
        return length;
    }
}
