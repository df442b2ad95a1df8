using System.Buffers.Binary;
using System.Numerics;

namespace P2PCam.WebRtc.Rtcp;

/// <summary>
/// REMB (draft-alvestrand-rmcat-remb-03 section 2.2): the bit rate that a receiver thinks its path can take.
/// <code>
/// |                  SSRC of packet sender                        |
/// |                  SSRC of media source = 0                     |
/// |  'R' 'E' 'M' 'B'                                              |
/// | Num SSRC (8)  | BR Exp (6)|  BR Mantissa (18)                 |
/// | SSRC feedback (4 bytes each) ...                              |
/// </code>
/// </summary>
internal readonly ref struct ReceiverEstimatedMaxBitrate
{
    private const int FixedLength = 16;
    private const int MantissaBits = 18;
    private const uint Name = 0x52454D42;

    private readonly ReadOnlySpan<byte> _sources;

    private ReceiverEstimatedMaxBitrate(uint senderSsrc, ulong bitsPerSecond, ReadOnlySpan<byte> sources)
    {
        SenderSsrc = senderSsrc;
        BitsPerSecond = bitsPerSecond;
        _sources = sources;
    }

    public uint SenderSsrc { get; }

    public ulong BitsPerSecond { get; }

    /// <summary>How many streams the rate is for, together.</summary>
    public int Count => _sources.Length / 4;

    public uint GetSource(int index) => BinaryPrimitives.ReadUInt32BigEndian(_sources.Slice(4 * index, 4));

    public static bool TryParse(scoped in RtcpPacketView packet, out ReceiverEstimatedMaxBitrate estimate)
    {
        estimate = default;
        var body = packet.Body;
        if (packet.Kind != RtcpPacketKind.ReceiverEstimatedMaxBitrate
            || body.Length < FixedLength || body.Length < FixedLength + (4 * body[12]))
        {
            return false;
        }

        var bits = BinaryPrimitives.ReadUInt32BigEndian(body[12..]);
        var exponent = (int)(bits >> MantissaBits) & 0x3F;
        ulong mantissa = bits & ((1 << MantissaBits) - 1);

        // An exponent of up to 63 may shift bits out at the top; such a rate is taken as unlimited.
        var rate = BitOperations.LeadingZeroCount(mantissa) >= exponent ? mantissa << exponent : ulong.MaxValue;
        estimate = new ReceiverEstimatedMaxBitrate(packet.ReadSsrc(0), rate, body.Slice(FixedLength, 4 * body[12]));
        return true;
    }

    /// <summary>Writes an estimate for up to 255 streams, with 18 significant bits rounded down; returns its length.</summary>
    public static int Write(Span<byte> destination, uint senderSsrc, ulong bitsPerSecond, ReadOnlySpan<uint> sources)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sources.Length, 255, nameof(sources));
        var length = RtcpHeader.Length + FixedLength + (4 * sources.Length);
        var packet = RtcpHeader.Take(destination, length);
        RtcpHeader.WriteFeedback(packet, RtcpHeader.ApplicationLayerFormat, RtcpHeader.PayloadSpecificFeedbackType, length, senderSsrc, 0);
        var exponent = Math.Max(0, 64 - BitOperations.LeadingZeroCount(bitsPerSecond) - MantissaBits);
        BinaryPrimitives.WriteUInt32BigEndian(packet[12..], Name);
        BinaryPrimitives.WriteUInt32BigEndian(
            packet[16..], ((uint)sources.Length << 24) | ((uint)exponent << MantissaBits) | (uint)(bitsPerSecond >> exponent));
        for (var i = 0; i < sources.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(packet[(RtcpHeader.Length + FixedLength + (4 * i))..], sources[i]);
        }

        return length;
    }

    internal static bool HasName(ReadOnlySpan<byte> body) => body.Length >= 12 && BinaryPrimitives.ReadUInt32BigEndian(body[8..]) == Name;
}
