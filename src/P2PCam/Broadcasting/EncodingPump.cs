using System.Buffers;
using Microsoft.Extensions.Logging;
using P2PCam.Codecs.Frames;
using P2PCam.Diagnostics;

namespace P2PCam.Broadcasting;

/// <summary>
/// Takes the newest frame, encodes it once, and hands it to all viewers. Nothing is encoded while nobody watches.
/// </summary>
internal sealed partial class EncodingPump(
    LatestFrames input,
    Func<VideoFrame, IVideoEncoder> createEncoder,
    KeyFrameRequests keyFrames,
    Func<bool> isWatched,
    StreamOutput output,
    Func<TimeSpan> clock,
    StreamMetrics metrics,
    ILogger logger) : IDisposable
{
    private readonly ArrayBufferWriter<byte> _encoded = new(256 * 1024);
    private IVideoEncoder? _encoder;
    private EncodingCounters _counters;

    public EncodingCounters Counters => _counters;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            VideoFrame frame;
            try
            {
                frame = await input.TakeAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            using (frame)
            {
                EncodeIsolated(frame);
            }
        }
    }

    public void Dispose() => _encoder?.Dispose();

    private void EncodeIsolated(VideoFrame frame)
    {
        if (!isWatched())
        {
            _counters.Dropped++;
            metrics.FramesDropped(DropReasons.Unwatched);
            return;
        }

        try
        {
            Encode(frame);
        }
        catch (Exception e)
        {
            // One picture that cannot be encoded (a foreign encoder, an odd frame) costs that picture and a new encoder, no viewer.
            LogEncodeFailed(e);
            _counters.Dropped++;
            metrics.FramesDropped(DropReasons.EncodeFailed);
            _encoder?.Dispose();
            _encoder = null;
        }
    }

    private void Encode(VideoFrame frame)
    {
        var now = clock();
        using var picture = FrameConverter.ToI420(frame);
        if (_encoder is null || (_counters.Width, _counters.Height) != (picture.Width, picture.Height))
        {
            _encoder?.Dispose();
            _encoder = createEncoder(picture);
            (_counters.Width, _counters.Height) = (picture.Width, picture.Height);
        }

        _encoded.ResetWrittenCount();
        var result = _encoder.Encode(picture, output.NeedsKeyFrame || keyFrames.IsDue(now), _encoded);
        if (result.Dropped)
        {
            _counters.Dropped++;
            metrics.FramesDropped(DropReasons.RateControl);
            return;
        }

        metrics.FrameEncoded(result.IsKeyFrame, clock() - now);
        _counters.Encoded++;
        _counters.Bytes += result.BytesWritten;
        if (result.IsKeyFrame)
        {
            _counters.KeyFrames++;
            keyFrames.OnKeyFrame(now);
        }

        // Left out where a slate went out since the encoder was asked: the next one is a key frame.
        output.TryWrite(_encoder.Codec.ToRtp(), _encoded.WrittenSpan, result.IsKeyFrame, frame.Timestamp, layer: result.TemporalLayer);
    }

    [LoggerMessage(EventId = 1201, Level = LogLevel.Error, Message = "A frame could not be encoded; the encoder is made anew.")]
    private partial void LogEncodeFailed(Exception exception);
}

/// <summary>What an encoding pump has done. Written by the pump, read by anyone; figures may be a frame apart.</summary>
internal record struct EncodingCounters
{
    public long Encoded;
    public long KeyFrames;
    public long Dropped;
    public long Bytes;
    public int Width;
    public int Height;
}
