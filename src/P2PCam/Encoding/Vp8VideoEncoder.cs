using System.Buffers;
using P2PCam.Codecs.Vp8;

namespace P2PCam.VideoEncoding;

/// <summary>The managed VP8 encoder as an <see cref="IVideoEncoder"/>; follows the size of the frames that it is given.</summary>
internal sealed class Vp8VideoEncoder(Vp8EncoderOptions options) : IVideoEncoder
{
    private Vp8EncoderOptions _options = options;
    private Vp8Encoder _encoder = new(options);

    public VideoCodec Codec => VideoCodec.Vp8;

    public void SetTargetBitrate(int bitsPerSecond)
    {
        _options = _options with { TargetBitrate = bitsPerSecond };
        _encoder.SetTargetBitrate(bitsPerSecond);
    }

    public EncodeResult Encode(VideoFrame frame, bool forceKeyFrame, IBufferWriter<byte> output)
    {
        if ((frame.Width, frame.Height) != (_options.Width, _options.Height))
        {
            _options = _options with { Width = frame.Width, Height = frame.Height };
            _encoder.Dispose();
            _encoder = new Vp8Encoder(_options);
        }

        var result = _encoder.Encode(frame, forceKeyFrame, output);
        return new EncodeResult(result.BytesWritten, result.IsKeyFrame, result.Dropped);
    }

    public void Dispose() => _encoder.Dispose();
}
