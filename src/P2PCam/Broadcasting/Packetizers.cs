using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Wire;

namespace P2PCam.Broadcasting;

/// <summary>The packetizers of one stream, one for each codec, made when it is first needed. Not for use by two threads at once.</summary>
internal sealed class Packetizers(int maxPayloadSize)
{
    private readonly IFramePacketizer?[] _made = new IFramePacketizer?[Enum.GetValues<RtpVideoCodec>().Length];

    public IFramePacketizer Get(RtpVideoCodec codec) => _made[(int)codec] ??= codec switch
    {
        RtpVideoCodec.Vp8 => new Vp8Packetizer(CryptographicRandom.Instance, maxPayloadSize),
        RtpVideoCodec.H264 => new H264Packetizer(maxPayloadSize),
        _ => new PayloadPreservingPacketizer(codec),
    };
}
