namespace P2PCam.WebRtc.Rtp.Payloads;

/// <summary>
/// The descriptor in front of the VP9 data of each packet (RFC 9628 section 4.2).
/// <code>
///      0 1 2 3 4 5 6 7
///     +-+-+-+-+-+-+-+-+
///     |I|P|L|F|B|E|V|Z|   P: predicted from other pictures, F: flexible mode, B/E: start and end of a layer's frame
///     +-+-+-+-+-+-+-+-+
///  I: |M| PICTURE ID  |   7 bits, or 15 over two bytes with M
///     +-+-+-+-+-+-+-+-+
///  L: | TID |U| SID |D|   SID: spatial layer
///     +-+-+-+-+-+-+-+-+
///     |   TL0PICIDX   |   only without F
///     +-+-+-+-+-+-+-+-+
/// P,F:| P_DIFF      |N|   up to three, N: another one follows
///     +-+-+-+-+-+-+-+-+
///  V: | N_S |Y|G|-|-|-|   Y: width (2) and height (2) of each of N_S + 1 layers, G: a picture group follows
///     +-+-+-+-+-+-+-+-+
///  G: | N_G |             then for each: | TID |U| R |-|-| and R times | P_DIFF |
/// </code>
/// </summary>
internal readonly record struct Vp9PayloadDescriptor
{
    private const int MaxReferences = 3;

    /// <summary>The picture refers to others before it.</summary>
    public bool IsPredicted { get; private init; }

    /// <summary>The packet starts the frame of its layer.</summary>
    public bool IsLayerStart { get; private init; }

    /// <summary>0 without layers.</summary>
    public int SpatialId { get; private init; }

    /// <summary>Bytes that the descriptor takes.</summary>
    public int Length { get; private init; }

    public bool IsPictureStart => IsLayerStart && SpatialId == 0;

    /// <summary>Finds the end of the descriptor; false when it is cut off or nothing follows it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out Vp9PayloadDescriptor descriptor)
    {
        descriptor = default;
        if (payload.IsEmpty)
        {
            return false;
        }

        var (flags, at, spatialId) = (payload[0], 1, 0);
        var isFlexible = (flags & 0x10) != 0;
        if ((flags & 0x80) != 0)
        {
            at += at < payload.Length && (payload[at] & 0x80) != 0 ? 2 : 1;
        }

        if ((flags & 0x20) != 0)
        {
            if (at >= payload.Length)
            {
                return false;
            }

            spatialId = (payload[at] >> 1) & 7;
            at += isFlexible ? 1 : 2;
        }

        if (isFlexible && (flags & 0x40) != 0 && !TrySkipReferences(payload, ref at))
        {
            return false;
        }

        if ((flags & 0x02) != 0 && !TrySkipStructure(payload, ref at))
        {
            return false;
        }

        descriptor = new Vp9PayloadDescriptor
        {
            IsPredicted = (flags & 0x40) != 0,
            IsLayerStart = (flags & 0x08) != 0,
            SpatialId = spatialId,
            Length = at,
        };
        return at < payload.Length;
    }

    private static bool TrySkipReferences(ReadOnlySpan<byte> payload, ref int at)
    {
        for (var count = 1; at < payload.Length; count++)
        {
            if ((payload[at++] & 1) == 0)
            {
                return true;
            }

            if (count == MaxReferences)
            {
                return false;
            }
        }

        return false;
    }

    private static bool TrySkipStructure(ReadOnlySpan<byte> payload, ref int at)
    {
        if (at >= payload.Length)
        {
            return false;
        }

        var first = payload[at++];
        at += (first & 0x10) != 0 ? 4 * ((first >> 5) + 1) : 0;
        if ((first & 0x08) == 0)
        {
            return true;
        }

        if (at >= payload.Length)
        {
            return false;
        }

        for (int pictures = payload[at++]; pictures > 0; pictures--)
        {
            if (at >= payload.Length)
            {
                return false;
            }

            at += 1 + ((payload[at] >> 2) & 3);
        }

        return true;
    }
}
