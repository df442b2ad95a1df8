using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Receiving.Payloads;

/// <summary>The readers of one stream, each made when its codec first comes.</summary>
internal sealed class PayloadReaders(IReadOnlyList<RtpFormat> formats)
{
    private readonly IPayloadReader?[] _readers = new IPayloadReader?[4];

    public IPayloadReader Of(RtpVideoCodec codec) => _readers[(int)codec] ??= PayloadReader.Create(codec, formats);
}
