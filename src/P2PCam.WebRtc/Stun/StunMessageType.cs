namespace P2PCam.WebRtc.Stun;

/// <summary>
/// The 14-bit message type, class bits woven into the method (RFC 8489 section 5):
/// <code>
///  13  12 11 10  9   8   7  6  5   4   3  2  1  0
/// M11 M10 M9 M8 M7  C1  M6 M5 M4  C0  M3 M2 M1 M0
/// </code>
/// </summary>
internal static class StunMessageType
{
    public static ushort Encode(StunClass messageClass, StunMethod method)
    {
        var m = (int)method;
        var c = (int)messageClass;
        return (ushort)((m & 0x000F) | ((m & 0x0070) << 1) | ((m & 0x0F80) << 2) | ((c & 1) << 4) | ((c & 2) << 7));
    }

    public static StunClass ClassOf(ushort type) => (StunClass)(((type >> 4) & 1) | ((type >> 7) & 2));

    public static StunMethod MethodOf(ushort type) => (StunMethod)((type & 0x000F) | ((type & 0x00E0) >> 1) | ((type & 0x3E00) >> 2));
}
