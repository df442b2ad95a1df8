using System.Runtime.InteropServices;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Receiving;

/// <summary>One assembled compressed frame. <see cref="Buffer"/> is the taker's until it gives it back to the shared array pool.</summary>
internal readonly record struct ReceivedFrame(byte[] Buffer, int Length, uint RtpTimestamp, bool IsKeyFrame, TimeSpan ReceivedAt)
{
    public RtpVideoCodec Codec { get; init; }

    /// <summary>The simulcast layer that it is of (RFC 8851); null without simulcast.</summary>
    public string? Rid { get; init; }

    /// <summary>How many payloads <see cref="PayloadSizes"/> tells of.</summary>
    public int PayloadCount { get; init; }

    /// <summary>
    /// VP8: the frame (RFC 6386). H.264: an access unit in Annex B form. VP9 and AV1: the RTP payloads side by side, descriptors included.
    /// </summary>
    public ReadOnlySpan<byte> Data => Buffer.AsSpan(0, Length);

    /// <summary>The sizes of the payloads of a VP9 or AV1 frame, in order; they lie behind the data. Empty for other codecs.</summary>
    public ReadOnlySpan<ushort> PayloadSizes => MemoryMarshal.Cast<byte, ushort>(Buffer.AsSpan(SizesOffset(Length), sizeof(ushort) * PayloadCount));

    /// <summary>Where the sizes begin behind so many bytes of data.</summary>
    internal static int SizesOffset(int length) => (length + 1) & ~1;
}
