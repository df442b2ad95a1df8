using P2PCam.Codecs.Vp8;

namespace P2PCam.VideoDecoding;

/// <summary>The managed VP8 decoder as an <see cref="IVideoDecoder"/>.</summary>
internal sealed class Vp8VideoDecoder : IVideoDecoder
{
    private readonly Vp8Decoder _decoder = new();

    public VideoCodec Codec => VideoCodec.Vp8;

    public DecodeOutcome Decode(EncodedFrame frame, out VideoFrame? picture)
    {
        return _decoder.Decode(frame.Data.Span, frame.Timestamp, out picture) switch
        {
            Vp8DecodeResult.Ok => picture is null ? DecodeOutcome.NotShown : DecodeOutcome.Picture,
            Vp8DecodeResult.UnsupportedSize => DecodeOutcome.TooLarge,
            _ => DecodeOutcome.Undecodable,
        };
    }

    public void Dispose() => _decoder.Dispose();
}
