using System.Buffers.Binary;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Rtp.Payloads;

/// <summary>
/// Cuts VP8 frames into RTP payloads (RFC 7741). The whole frame goes as one partition: S on the first packet, PID 0 on all.
/// Each packet repeats the descriptor with a 15-bit PictureID that grows by one per frame from a random start.
/// One encoder's frames go through one packetizer; not for use by two threads at once.
/// </summary>
internal sealed class Vp8Packetizer : IFramePacketizer
{
    private readonly PacketizedFramePool _pool;
    private readonly int _maxPayloadSize;
    private int _pictureId;
    private long _sequence;

    /// <param name="random">Where the first PictureID comes from.</param>
    /// <param name="maxPayloadSize">The most bytes of an RTP payload, descriptor included.</param>
    /// <param name="pool">Where frames come from and go back to; by default one of its own.</param>
    public Vp8Packetizer(IRandomSource random, int maxPayloadSize = RtpPacketLimits.DefaultMaxPayload, PacketizedFramePool? pool = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maxPayloadSize, Vp8PayloadDescriptor.MaxLength);
        _maxPayloadSize = maxPayloadSize;
        _pool = pool ?? new PacketizedFramePool();
        Span<byte> start = stackalloc byte[2];
        random.Fill(start);
        _pictureId = BinaryPrimitives.ReadUInt16BigEndian(start) & 0x7FFF;
    }

    public RtpVideoCodec Codec => RtpVideoCodec.Vp8;

    PacketizedFrame IFramePacketizer.Packetize(ReadOnlySpan<byte> frame, in FrameInfo info) =>
        Packetize(frame, new Vp8FrameInfo(info.IsKeyFrame, info.RtpTimestamp, info.CaptureTime) { TemporalLayer = info.TemporalLayer });

    /// <summary>Cuts one encoded frame; the caller owns the one reference of the result.</summary>
    /// <exception cref="ArgumentException">The frame is empty: a dropped frame is not sent.</exception>
    public PacketizedFrame Packetize(ReadOnlySpan<byte> encodedFrame, in Vp8FrameInfo info)
    {
        if (encodedFrame.IsEmpty)
        {
            throw new ArgumentException("An empty frame cannot be sent.", nameof(encodedFrame));
        }

        Span<byte> first = stackalloc byte[Vp8PayloadDescriptor.MaxLength];
        Span<byte> other = stackalloc byte[Vp8PayloadDescriptor.MaxLength];
        var descriptor = Describe(info);
        first = first[..(descriptor with { IsPartitionStart = true }).Write(first)];
        other = other[..descriptor.Write(other)];

        // Equal shares rather than full packets and a small rest; counting again covers shares rounded up past a whole packet.
        var room = _maxPayloadSize - first.Length;
        var share = CeilingDivide(encodedFrame.Length, CeilingDivide(encodedFrame.Length, room));
        var count = CeilingDivide(encodedFrame.Length, share);
        var last = encodedFrame.Length - (share * (count - 1));
        var frame = _pool.Rent(encodedFrame.Length + (count * first.Length));
        var stamp = new FrameStamp(info.RtpTimestamp, info.IsKeyFrame, info.CaptureTime, _sequence);
        var target = frame.Begin(count, first.Length + share, first.Length + last, stamp);
        for (var i = 0; i < count; i++)
        {
            var size = i == count - 1 ? last : share;
            (i == 0 ? first : other).CopyTo(target);
            encodedFrame.Slice(i * share, size).CopyTo(target[first.Length..]);
            target = target[(first.Length + size)..];
        }

        _pictureId = (_pictureId + 1) & 0x7FFF;
        _sequence++;
        return frame;
    }

    private Vp8PayloadDescriptor Describe(in Vp8FrameInfo info) => new()
    {
        IsNonReference = info.IsNonReference,
        PictureId = _pictureId,
        Tl0PictureIndex = info.TemporalLayer?.Tl0PictureIndex ?? -1,
        TemporalId = info.TemporalLayer?.TemporalId ?? -1,
        IsLayerSync = info.TemporalLayer?.IsLayerSync ?? false,
    };

    private static int CeilingDivide(int dividend, int divisor) => (dividend + divisor - 1) / divisor;
}
