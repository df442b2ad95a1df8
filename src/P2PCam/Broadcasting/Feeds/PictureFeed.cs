using P2PCam.Diagnostics;

namespace P2PCam.Broadcasting;

/// <summary>Pictures on their way to the viewers: read as they come, encoded by a pump of its own as fast as it can.</summary>
internal sealed class PictureFeed(
    IVideoSource source, SourceMonitor monitor, LatestFrames latest, EncodingPump encoding, KeyFrameRequests keyFrames, StreamMetrics metrics) : IVideoFeed
{
    private long _captured;
    private long _replaced;

    public VideoSourceDescription Description => source.Description;

    public VideoCodec? Codec => VideoCodec.Vp8;

    public FeedCounters Counters
    {
        get
        {
            var encoded = encoding.Counters;
            return new FeedCounters
            {
                Captured = Volatile.Read(ref _captured),
                Encoded = encoded.Encoded,
                KeyFrames = encoded.KeyFrames,
                Dropped = encoded.Dropped + Volatile.Read(ref _replaced),
                Bytes = encoded.Bytes,
            };
        }
    }

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        await foreach (var frame in source.ReadFramesAsync(cancellationToken))
        {
            Interlocked.Increment(ref _captured);
            metrics.FrameCaptured();

            if (!VideoLimits.Fits(frame.Width, frame.Height))
            {
                using (frame)
                {
                    throw SourceErrors.TooLarge(source.Description.Name, frame.Width, frame.Height);
                }
            }

            // Before it is handed on: its encoder shall know that the slate is over.
            monitor.OnSize(frame.Width, frame.Height);
            monitor.OnFrame();
            if (latest.Put(frame))
            {
                Interlocked.Increment(ref _replaced);
                metrics.FramesDropped(DropReasons.EncoderBusy);
            }
        }
    }

    public Task RunAsync(CancellationToken cancellationToken) => encoding.RunAsync(cancellationToken);

    public void RequestKeyFrame() => keyFrames.Request();

    public void Dispose()
    {
        encoding.Dispose();
        latest.Dispose();
    }
}
