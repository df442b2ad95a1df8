namespace P2PCam.WebRtc.Rtp;

/// <summary>One element of an RTP header extension.</summary>
internal readonly ref struct HeaderExtension(byte id, ReadOnlySpan<byte> data)
{
    /// <summary>The local identifier that extmap gives a meaning: 1–14, or up to 255 in the two-byte form.</summary>
    public byte Id { get; } = id;

    public ReadOnlySpan<byte> Data { get; } = data;
}

/// <summary>
/// Walks the elements of a header extension (RFC 8285 sections 4.2 and 4.3); stops at the first that does not fit.
/// <code>
/// one-byte form, profile 0xBEDE             two-byte form, profile 0x100X (X: appbits, ignored)
/// +-+-+-+-+-+-+-+-+----------------+        +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+----------+
/// |  ID   | L - 1 | data (1 to 16) |        |      ID       |   L (0-255)   |   data   |
/// +-+-+-+-+-+-+-+-+----------------+        +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+----------+
/// </code>
/// </summary>
internal ref struct HeaderExtensionEnumerator
{
    internal const ushort OneByteProfile = 0xBEDE;
    internal const ushort TwoByteProfile = 0x1000;

    private readonly bool _twoByte;
    private ReadOnlySpan<byte> _rest;

    public HeaderExtensionEnumerator(ushort profile, ReadOnlySpan<byte> block)
    {
        _twoByte = (profile & 0xFFF0) == TwoByteProfile;
        _rest = _twoByte || profile == OneByteProfile ? block : default;
    }

    public HeaderExtension Current { get; private set; }

    public readonly HeaderExtensionEnumerator GetEnumerator() => this;

    public bool MoveNext()
    {
        // ID 0 is one byte of padding between or after elements.
        while (!_rest.IsEmpty && (_twoByte ? _rest[0] : _rest[0] >> 4) == 0)
        {
            _rest = _rest[1..];
        }

        return !_rest.IsEmpty && (_twoByte ? MoveTwoByte() : MoveOneByte());
    }

    /// <summary>Looks an element up by the identifier that was negotiated for it.</summary>
    public static bool TryFind(scoped in RtpPacketView packet, byte id, out ReadOnlySpan<byte> data)
    {
        foreach (var element in packet.Extensions)
        {
            if (element.Id == id)
            {
                data = element.Data;
                return true;
            }
        }

        data = default;
        return false;
    }

    private bool MoveOneByte()
    {
        // ID 15 is reserved: whoever reads this form stops there.
        var id = (byte)(_rest[0] >> 4);
        return id == 15 ? Stop() : Take(id, 1, (_rest[0] & 0x0F) + 1);
    }

    private bool MoveTwoByte() => _rest.Length < 2 ? Stop() : Take(_rest[0], 2, _rest[1]);

    private bool Take(byte id, int header, int length)
    {
        if (_rest.Length < header + length)
        {
            return Stop();
        }

        Current = new HeaderExtension(id, _rest.Slice(header, length));
        _rest = _rest[(header + length)..];
        return true;
    }

    private bool Stop()
    {
        _rest = default;
        return false;
    }
}
