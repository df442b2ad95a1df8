using System.Buffers.Binary;
using System.Numerics;

namespace P2PCam.WebRtc.Rtp.Payloads;

/// <summary>Unsigned Exp-Golomb codes (ITU-T H.264 section 9.1): n zeros, a one, and n bits more.</summary>
internal static class ExpGolomb
{
    /// <summary>The code that the bytes start with; false for what is cut off, or 4095 and above.</summary>
    public static bool TryReadFirst(ReadOnlySpan<byte> data, out int value)
    {
        Span<byte> window = stackalloc byte[4];
        window.Clear();
        data[..Math.Min(data.Length, 4)].CopyTo(window);
        var bits = BinaryPrimitives.ReadUInt32BigEndian(window);
        var zeros = BitOperations.LeadingZeroCount(bits);
        var length = (2 * zeros) + 1;
        value = zeros < 12 && length <= 8 * data.Length ? (int)(bits >> (32 - length)) - 1 : -1;
        return value >= 0;
    }
}
