using Microsoft.Extensions.Logging;
using P2PCam.Diagnostics;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.Broadcasting;

/// <summary>
/// Compressed video on its way to the viewers, as it came: no encoder of ours runs. What nobody can decode, because frames before it are missing, is
/// left out, and the source asked for a key frame.
/// </summary>
internal sealed partial class EncodedFeed : IVideoFeed
{
    private readonly IEncodedVideoSource _source;
    private readonly SourceMonitor _monitor;
    private readonly StreamOutput _output;
    private readonly Func<bool> _isWatched;
    private readonly StreamMetrics _metrics;
    private readonly ILogger _logger;
    private readonly UpstreamKeyFrames _keyFrames;
    private (VideoCodec Codec, string? Layer)? _current;
    private int _codec = -1;
    private long _captured;
    private long _relayed;
    private long _keys;
    private long _dropped;
    private long _bytes;

    /// <param name="source">What is read.</param>
    /// <param name="monitor">Told of what comes.</param>
    /// <param name="output">Takes the frames.</param>
    /// <param name="isWatched">Whether somebody watches.</param>
    /// <param name="keyFrameInterval">The least time from one request for a key frame to the next.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="metrics">Told of what is done.</param>
    /// <param name="logger">Told of what cannot be done.</param>
    public EncodedFeed(
        IEncodedVideoSource source, SourceMonitor monitor, StreamOutput output, Func<bool> isWatched, TimeSpan keyFrameInterval, TimeProvider timeProvider, StreamMetrics metrics, ILogger logger)
    {
        (_source, _monitor, _output, _isWatched, _metrics, _logger) = (source, monitor, output, isWatched, metrics, logger);
        _keyFrames = new UpstreamKeyFrames(AskIsolated, isWatched, keyFrameInterval, timeProvider);
    }

    public VideoSourceDescription Description => _source.Description;

    /// <summary>Told when frames of another codec than before are about to be sent.</summary>
    public Action? OnCodecChanged { get; init; }

    public VideoCodec? Codec => Volatile.Read(ref _codec) is >= 0 and var codec ? (VideoCodec)codec : null;

    public FeedCounters Counters => new()
    {
        Captured = Volatile.Read(ref _captured),
        Relayed = Volatile.Read(ref _relayed),
        KeyFrames = Volatile.Read(ref _keys),
        Dropped = Volatile.Read(ref _dropped),
        Bytes = Volatile.Read(ref _bytes),
        KeyFramesAsked = _keyFrames.Asked,
    };

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        _output.BeginAnew();
        await foreach (var frame in _source.ReadFramesAsync(cancellationToken))
        {
            using (frame)
            {
                Relay(frame);
            }
        }
    }

    public Task RunAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void RequestKeyFrame() => _keyFrames.Request();

    public void Dispose() => _keyFrames.Dispose();

    private void Relay(EncodedFrame frame)
    {
        _captured++;
        _metrics.FrameCaptured();
        if (_current != (frame.Codec, frame.Layer))
        {
            // Another encoder: its frames build on nothing that was sent.
            _output.BeginAnew();
            _current = (frame.Codec, frame.Layer);
        }

        if (!frame.IsKeyFrame && _output.NeedsKeyFrame)
        {
            _monitor.OnFrame(isPicture: false);
            Drop(DropReasons.NoKeyFrame);
            if (_isWatched())
            {
                _keyFrames.Request();
            }

            return;
        }

        // Before it is sent, so that no slate follows it.
        var isOtherCodec = Interlocked.Exchange(ref _codec, (int)frame.Codec) != (int)frame.Codec;
        _monitor.OnFrame();
        if (isOtherCodec)
        {
            OnCodecChanged?.Invoke();
        }

        if (frame.IsKeyFrame)
        {
            OnKeyFrame(frame);
        }
        else if (!_isWatched())
        {
            Drop(DropReasons.Unwatched);
            return;
        }

        SendIsolated(frame);
    }

    private void OnKeyFrame(EncodedFrame frame)
    {
        _keyFrames.OnKeyFrame();
        if (PictureSize.TryRead(frame.Codec.ToRtp(), frame.Data.Span, out var width, out var height))
        {
            _monitor.OnSize(width, height);
        }
    }

    // Key frames go out unwatched as well: a packetizer learns from them what later ones may lack.
    private void SendIsolated(EncodedFrame frame)
    {
        try
        {
            if (!_output.TryWrite(frame.Codec.ToRtp(), frame.Data.Span, frame.IsKeyFrame, frame.Timestamp, frame.PayloadSizes))
            {
                // A slate went out at this very moment.
                Drop(DropReasons.NoKeyFrame);
                return;
            }

            _relayed++;
            _bytes += frame.Data.Length;
            _keys += frame.IsKeyFrame ? 1 : 0;
        }
        catch (ArgumentException e)
        {
            // Not a frame of its codec, or one that cannot be cut: what builds on it is of no use either.
            LogNotSent(frame.Codec, Words.Sentence(e.Message));
            Drop(DropReasons.Unusable);
            _output.BeginAnew();
        }
    }

    private void Drop(string reason)
    {
        _dropped++;
        _metrics.FramesDropped(reason);
    }

    private void AskIsolated()
    {
        _metrics.KeyFrameAsked();
        try
        {
            _source.RequestKeyFrame();
        }
        catch (Exception e)
        {
            // It may be a timer's thread, and the source is foreign.
            LogRequestFailed(e);
        }
    }

    [LoggerMessage(EventId = 1203, Level = LogLevel.Warning, Message = "A {Codec} frame of the source cannot be sent: {Reason}")]
    private partial void LogNotSent(VideoCodec codec, string reason);

    [LoggerMessage(EventId = 1204, Level = LogLevel.Error, Message = "The source failed when it was asked for a key frame.")]
    private partial void LogRequestFailed(Exception exception);
}
