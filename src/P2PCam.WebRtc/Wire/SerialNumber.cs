namespace P2PCam.WebRtc.Wire;

/// <summary>
/// Comparison of counters that wrap around (RFC 1982 section 3.2). Two values exactly half the range apart have no order in the
/// RFC; here neither is newer than the other.
/// </summary>
internal static class SerialNumber
{
    public static bool IsNewer(ushort value, ushort than) => Difference(value, than) is > 0;

    public static bool IsNewer(uint value, uint than) => Difference(value, than) is > 0;

    /// <summary>How far <paramref name="value"/> is ahead of <paramref name="than"/>: -32768..32767.</summary>
    public static int Difference(ushort value, ushort than) => (short)(value - than);

    /// <summary>How far <paramref name="value"/> is ahead of <paramref name="than"/>: -2^31..2^31-1.</summary>
    public static int Difference(uint value, uint than) => unchecked((int)(value - than));
}
