using System.Buffers.Binary;
using System.Text;

namespace P2PCam.WebRtc.Rtcp;

/// <summary>
/// SDES (RFC 3550 section 6.5), after the common header: SC chunks, each an SSRC and items, ended by 1–4 zero bytes that fill up
/// the word.
/// <code>
/// |                             SSRC                              |
/// | item type (8) | length (8) | text ... | ... | 0 ...           |
/// </code>
/// </summary>
internal readonly ref struct SourceDescription
{
    /// <summary>The item that names an endpoint across its SSRCs.</summary>
    public const byte CnameItem = 1;

    private readonly ReadOnlySpan<byte> _chunks;

    private SourceDescription(ReadOnlySpan<byte> chunks) => _chunks = chunks;

    public Enumerator GetEnumerator() => new(_chunks);

    public static bool TryParse(scoped in RtcpPacketView packet, out SourceDescription description)
    {
        description = default;
        if (packet.Kind != RtcpPacketKind.SourceDescription)
        {
            return false;
        }

        var rest = packet.Body;
        for (var chunk = 0; chunk < packet.CountOrFormat; chunk++)
        {
            if (!TrySkipChunk(ref rest))
            {
                return false;
            }
        }

        description = new SourceDescription(packet.Body[..^rest.Length]);
        return true;
    }

    /// <summary>Writes an SDES packet with the one item that is mandatory, the CNAME of one source; returns its length.</summary>
    /// <param name="destination">At least 12 bytes and the CNAME, rounded up to a word.</param>
    /// <param name="ssrc">The source.</param>
    /// <param name="cname">1–255 bytes as UTF-8.</param>
    public static int WriteCname(Span<byte> destination, uint ssrc, string cname)
    {
        var textLength = Encoding.UTF8.GetByteCount(cname);
        ArgumentOutOfRangeException.ThrowIfZero(textLength, nameof(cname));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(textLength, 255, nameof(cname));
        const int TextStart = RtcpHeader.Length + 6;
        var length = (TextStart + textLength + 1 + 3) & ~3;
        var packet = RtcpHeader.Take(destination, length);
        RtcpHeader.Write(packet, 1, RtcpHeader.SourceDescriptionType, length);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], ssrc);
        packet[8] = CnameItem;
        packet[9] = (byte)textLength;
        Encoding.UTF8.GetBytes(cname, packet[TextStart..]);
        packet[(TextStart + textLength)..].Clear();
        return length;
    }

    private static bool TrySkipChunk(ref ReadOnlySpan<byte> rest)
    {
        // Words are counted from the chunk's start, which is itself on a word boundary of the packet.
        var at = 4;
        while (at < rest.Length && rest[at] != 0)
        {
            if (at + 1 >= rest.Length)
            {
                return false;
            }

            at += 2 + rest[at + 1];
        }

        // One zero byte at least ends the list, and zeros fill the word it stands in.
        var end = (at + 4) & ~3;
        if (end > rest.Length)
        {
            return false;
        }

        rest = rest[end..];
        return true;
    }

    /// <summary>One item of one source.</summary>
    internal readonly ref struct Item(uint ssrc, byte type, ReadOnlySpan<byte> text)
    {
        public uint Ssrc { get; } = ssrc;

        public byte Type { get; } = type;

        /// <summary>UTF-8, at most 255 bytes.</summary>
        public ReadOnlySpan<byte> Text { get; } = text;
    }

    /// <summary>Walks the items of all chunks; the layout was checked before.</summary>
    internal ref struct Enumerator(ReadOnlySpan<byte> chunks)
    {
        private readonly ReadOnlySpan<byte> _chunks = chunks;
        private int _at;
        private bool _inChunk;
        private uint _ssrc;

        public Item Current { get; private set; }

        public bool MoveNext()
        {
            while (_at < _chunks.Length)
            {
                if (!_inChunk)
                {
                    _ssrc = BinaryPrimitives.ReadUInt32BigEndian(_chunks[_at..]);
                    _at += 4;
                    _inChunk = true;
                }

                if (_chunks[_at] != 0)
                {
                    Current = new Item(_ssrc, _chunks[_at], _chunks.Slice(_at + 2, _chunks[_at + 1]));
                    _at += 2 + Current.Text.Length;
                    return true;
                }

                _at = (_at + 4) & ~3;
                _inChunk = false;
            }

            return false;
        }
    }
}
