using System.Buffers.Binary;

namespace P2PCam.WebRtc.Rtp.Payloads;

/// <summary>
/// A retransmitted payload (RFC 4588 section 4): sent with its own SSRC, sequence numbers and payload type, the timestamp and
/// marker of the original.
/// <code>
/// | original sequence number (2) | original payload |
/// </code>
/// </summary>
internal static class RtxPayload
{
    public const int HeaderLength = RtpPacketLimits.RtxOverhead;

    /// <summary>Writes the payload of a retransmission; returns its length.</summary>
    public static int Wrap(ReadOnlySpan<byte> payload, ushort originalSequenceNumber, Span<byte> destination)
    {
        payload.CopyTo(destination[HeaderLength..]);
        BinaryPrimitives.WriteUInt16BigEndian(destination, originalSequenceNumber);
        return HeaderLength + payload.Length;
    }

    /// <summary>Finds the original payload in a retransmission.</summary>
    /// <returns>False when no sequence number is there, as in probes of padding only.</returns>
    public static bool TryUnwrap(ReadOnlySpan<byte> payload, out ushort originalSequenceNumber, out ReadOnlySpan<byte> original)
    {
        var valid = payload.Length >= HeaderLength;
        originalSequenceNumber = valid ? BinaryPrimitives.ReadUInt16BigEndian(payload) : (ushort)0;
        original = valid ? payload[HeaderLength..] : default;
        return valid;
    }
}
