namespace P2PCam.WebRtc.Rtcp;

/// <summary>
/// Wall-clock time as RTCP carries it (RFC 3550 section 4): seconds since 1900 and their fraction in 2^-32 s, wrapping in 2036.
/// </summary>
internal readonly record struct NtpTimestamp(ulong Value)
{
    private static readonly DateTimeOffset Era = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public uint Seconds => (uint)(Value >> 32);

    public uint Fraction => (uint)Value;

    /// <summary>The middle 32 bits, in 2^-16 s, that report blocks send back as LSR.</summary>
    public uint Compact => (uint)(Value >> 16);

    public static NtpTimestamp From(DateTimeOffset time) => new NtpTimestamp(0) + (time - Era);

    public static NtpTimestamp operator +(NtpTimestamp time, TimeSpan offset) => new(time.Value + (ulong)ToUnits(offset, 32));

    /// <summary>The wall-clock time, taken to be in the era (of 136 years) that <paramref name="near"/> is closest to.</summary>
    public DateTimeOffset ToDateTimeOffset(DateTimeOffset near)
    {
        var difference = (long)(Value - From(near).Value);
        return near + FromUnits(difference, 32);
    }

    /// <summary>A span in units of 2^-<paramref name="bits"/> s, rounded down; whole seconds first, so that nothing overflows.</summary>
    internal static long ToUnits(TimeSpan span, int bits)
    {
        var (seconds, ticks) = Math.DivRem(span.Ticks, TimeSpan.TicksPerSecond);
        return (seconds << bits) + ((ticks << bits) / TimeSpan.TicksPerSecond);
    }

    /// <summary>The reverse, rounded to the nearest 100 ns.</summary>
    internal static TimeSpan FromUnits(long units, int bits)
    {
        var (seconds, fraction) = (units >> bits, units & ((1L << bits) - 1));
        return new TimeSpan((seconds * TimeSpan.TicksPerSecond) + (((fraction * TimeSpan.TicksPerSecond) + (1L << (bits - 1))) >> bits));
    }
}
