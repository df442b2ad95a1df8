using System.Buffers.Binary;
using System.Text;

namespace P2PCam.WebRtc.Rtcp;

/// <summary>
/// BYE (RFC 3550 section 6.6), after the common header.
/// <code>
/// | SSRC (4 bytes each, SC of them) ...                           |
/// | length (8) | reason for leaving (optional) ... | 0 ...        |
/// </code>
/// </summary>
internal readonly ref struct Goodbye
{
    private readonly ReadOnlySpan<byte> _sources;

    private Goodbye(ReadOnlySpan<byte> sources, ReadOnlySpan<byte> reason)
    {
        _sources = sources;
        Reason = reason;
    }

    /// <summary>How many sources leave; 0 is allowed and means nothing.</summary>
    public int Count => _sources.Length / 4;

    /// <summary>UTF-8, at most 255 bytes; mostly empty.</summary>
    public ReadOnlySpan<byte> Reason { get; }

    public uint GetSource(int index) => BinaryPrimitives.ReadUInt32BigEndian(_sources.Slice(4 * index, 4));

    public static bool TryParse(scoped in RtcpPacketView packet, out Goodbye goodbye)
    {
        goodbye = default;
        var body = packet.Body;
        var sources = 4 * packet.CountOrFormat;
        if (packet.Kind != RtcpPacketKind.Goodbye || body.Length < sources)
        {
            return false;
        }

        var reasonLength = body.Length > sources ? body[sources] : -1;
        if (body.Length < sources + 1 + reasonLength)
        {
            return false;
        }

        goodbye = new Goodbye(body[..sources], reasonLength < 0 ? default : body.Slice(sources + 1, reasonLength));
        return true;
    }

    /// <summary>Writes a BYE for up to 31 sources; returns its length.</summary>
    /// <param name="destination">At least 4 bytes per source and 5 and the reason, rounded up to a word.</param>
    /// <param name="sources">Who leaves.</param>
    /// <param name="reason">At most 255 bytes as UTF-8; left out when empty.</param>
    public static int Write(Span<byte> destination, ReadOnlySpan<uint> sources, string reason = "")
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sources.Length, RtcpHeader.MaxCount, nameof(sources));
        var reasonLength = Encoding.UTF8.GetByteCount(reason);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(reasonLength, 255, nameof(reason));
        var reasonStart = RtcpHeader.Length + (4 * sources.Length);
        var length = reasonLength == 0 ? reasonStart : (reasonStart + 1 + reasonLength + 3) & ~3;
        var packet = RtcpHeader.Take(destination, length);
        RtcpHeader.Write(packet, (byte)sources.Length, RtcpHeader.GoodbyeType, length);
        for (var i = 0; i < sources.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(packet[(RtcpHeader.Length + (4 * i))..], sources[i]);
        }

        if (reasonLength > 0)
        {
            packet[reasonStart] = (byte)reasonLength;
            Encoding.UTF8.GetBytes(reason, packet[(reasonStart + 1)..]);
            packet[(reasonStart + 1 + reasonLength)..].Clear();
        }

        return length;
    }
}
