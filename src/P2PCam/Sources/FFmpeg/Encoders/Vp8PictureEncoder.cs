using System.Buffers;
using System.Threading.Channels;
using P2PCam.Codecs.Vp8;
using P2PCam.VideoEncoding;

namespace P2PCam.Sources.FFmpeg.Encoders;

/// <summary>The library's own VP8 encoder, which works everywhere.</summary>
internal sealed class Vp8PictureEncoder(ChannelWriter<EncodedFrame> output, double frameRate) : IPictureEncoder
{
    private readonly ArrayBufferWriter<byte> _bytes = new(256 * 1024);
    private Vp8VideoEncoder? _encoder;
    private int _bitrate;

    public ValueTask EncodeAsync(VideoFrame picture, bool isKeyFrame, int bitrate)
    {
        _encoder ??= new Vp8VideoEncoder(new Vp8EncoderOptions { Width = picture.Width, Height = picture.Height, FrameRate = frameRate, TargetBitrate = bitrate });
        if (_bitrate != bitrate)
        {
            _encoder.SetTargetBitrate(_bitrate = bitrate);
        }

        _bytes.ResetWrittenCount();
        var result = _encoder.Encode(picture, isKeyFrame, _bytes);
        return result.Dropped
            ? ValueTask.CompletedTask
            : output.WriteAsync(EncodedFrame.Copy(_bytes.WrittenSpan, VideoCodec.Vp8, result.IsKeyFrame, picture.Timestamp));
    }

    public ValueTask CompleteAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _encoder?.Dispose();
        return ValueTask.CompletedTask;
    }
}
