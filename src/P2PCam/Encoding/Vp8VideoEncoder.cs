using System.Buffers;
using P2PCam.Codecs.Vp8;

namespace P2PCam.VideoEncoding;

/// <summary>The managed VP8 encoder as an <see cref="IVideoEncoder"/>; follows the size of the frames that it is given.</summary>
internal sealed class Vp8VideoEncoder(Vp8EncoderOptions options) : IVideoEncoder
{
    private readonly Vp8Encoder _encoder = new(options);

    public VideoCodec Codec => VideoCodec.Vp8;

    public void SetTargetBitrate(int bitsPerSecond) => _encoder.SetTargetBitrate(bitsPerSecond);

    public EncodeResult Encode(VideoFrame frame, bool forceKeyFrame, IBufferWriter<byte> output)
    {
        _encoder.SetSize(frame.Width, frame.Height);
        var result = _encoder.Encode(frame, forceKeyFrame, output);
        return new EncodeResult(result.BytesWritten, result.IsKeyFrame, result.Dropped)
        {
            TemporalLayer = options.TemporalLayers > 1 ? new TemporalLayer((byte)result.TemporalLayer, result.Tl0PictureIndex, result.IsLayerSync) : null,
        };
    }

    public void Dispose() => _encoder.Dispose();
}
