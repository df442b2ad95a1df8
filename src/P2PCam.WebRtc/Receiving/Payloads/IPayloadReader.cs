using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Receiving.Payloads;

/// <summary>
/// What the assembly of frames needs to know of one codec's payloads. A new codec is a new reader. Any bytes give a result; nothing that is
/// kept grows with them.
/// </summary>
internal interface IPayloadReader
{
    /// <summary>Whether frames keep their payloads apart, so that they can be sent on one by one.</summary>
    bool KeepsPayloads { get; }

    /// <summary>
    /// Whether a frame is whole as well where a packet of another timestamp follows, since its marker is not to be relied on: RFC 6184
    /// section 5.1, and
    /// AV1's payload format, section 4.2. VP8's and VP9's must be set (RFC 7741 section 4.1, RFC 9628 section 4.1).
    /// </summary>
    bool EndsWithTimestamp { get; }

    /// <summary>Looks at a payload, which is not empty.</summary>
    /// <param name="payload">As it came.</param>
    /// <param name="flags">What it tells.</param>
    /// <param name="data">The part that is kept.</param>
    /// <returns>False when it is no payload of this codec.</returns>
    bool TryRead(ReadOnlySpan<byte> payload, out PayloadFlags flags, out ReadOnlySpan<byte> data);

    /// <summary>How many bytes <see cref="Write"/> makes of kept data.</summary>
    int Measure(ReadOnlySpan<byte> data);

    /// <summary>Writes kept data in the form that frames have.</summary>
    int Write(ReadOnlySpan<byte> data, Span<byte> destination);

    /// <summary>What goes in front of a whole frame that carries all this; empty for nothing.</summary>
    ReadOnlySpan<byte> GetPreamble(PayloadFlags frame);
}

internal static class PayloadReader
{
    public static IPayloadReader Create(RtpVideoCodec codec, IReadOnlyList<RtpFormat> formats) => codec switch
    {
        RtpVideoCodec.Vp8 => new Vp8PayloadReader(),
        RtpVideoCodec.H264 => new H264PayloadReader(formats),
        RtpVideoCodec.Vp9 => new Vp9PayloadReader(),
        _ => new Av1PayloadReader(),
    };
}
