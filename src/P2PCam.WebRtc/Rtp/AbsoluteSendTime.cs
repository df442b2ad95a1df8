namespace P2PCam.WebRtc.Rtp;

/// <summary>
/// abs-send-time: seconds as a 6.18 fixed-point number in 24 bits, which wraps every 64 seconds
/// (webrtc.org/experiments/rtp-hdrext/abs-send-time). Only differences mean something, so any monotonic origin will do.
/// </summary>
internal static class AbsoluteSendTime
{
    public const int Length = 3;

    public static void Write(Span<byte> destination, TimeSpan now)
    {
        var value = ToFixedPoint(now);
        destination[2] = (byte)value;
        destination[1] = (byte)(value >> 8);
        destination[0] = (byte)(value >> 16);
    }

    /// <summary>The 24-bit value; false when the element is not 3 bytes long.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out uint value)
    {
        value = data.Length == Length ? (uint)((data[0] << 16) | (data[1] << 8) | data[2]) : 0;
        return data.Length == Length;
    }

    /// <summary>The time between two values, taking the shorter way around the wrap.</summary>
    public static TimeSpan Difference(uint later, uint earlier)
    {
        var units = (int)((later - earlier) << 8) >> 8;
        return new TimeSpan((units * TimeSpan.TicksPerSecond) >> 18);
    }

    private static uint ToFixedPoint(TimeSpan now)
    {
        // Whole seconds first: ticks << 18 would overflow after some weeks.
        var (seconds, ticks) = Math.DivRem(now.Ticks, TimeSpan.TicksPerSecond);
        return (uint)((seconds << 18) + ((ticks << 18) / TimeSpan.TicksPerSecond)) & 0xFFFFFF;
    }
}
