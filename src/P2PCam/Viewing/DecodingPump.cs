using System.Diagnostics;
using Microsoft.Extensions.Logging;
using P2PCam.Diagnostics;
using P2PCam.VideoDecoding;

namespace P2PCam.Viewing;

/// <summary>Decodes what arrives, on a task of its own, for as long as somebody reads pictures, and hands each picture to all of them.</summary>
internal sealed partial class DecodingPump(
    EncodedQueue input, Readers<PictureQueue> readers, Func<IVideoDecoder> createDecoder, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _readerCame = new(0);
    private IVideoDecoder? _decoder;
    private bool _needsKeyFrame = true;
    private long _decoded;
    private long _undecodable;

    public ReceivingMetrics? Metrics { get; init; }

    public long Decoded => Volatile.Read(ref _decoded);

    public long Undecodable => Volatile.Read(ref _undecodable);

    /// <summary>Call after a change of the readers.</summary>
    public void OnReadersChanged()
    {
        input.IsRead = readers.All.Count > 0;
        if (!input.IsRead)
        {
            return;
        }

        _readerCame.Release();
        if (input.WaitsForKeyFrame)
        {
            input.StartAnew();
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await input.WaitAsync(cancellationToken))
            {
                while (readers.All.Count == 0)
                {
                    await _readerCame.WaitAsync(cancellationToken);
                }

                while (readers.All.Count > 0 && input.TryTake(out var frame))
                {
                    using (frame)
                    {
                        DecodeIsolated(frame);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disconnected.
        }
    }

    public void Dispose()
    {
        _decoder?.Dispose();
        _readerCame.Dispose();
    }

    private void DecodeIsolated(EncodedFrame frame)
    {
        try
        {
            Decode(frame);
        }
        catch (Exception e)
        {
            // Decoders are total; should one still throw, it costs a key frame and a new decoder.
            LogDecodeFailed(e);
            _decoder?.Dispose();
            _decoder = null;
            GiveUp();
        }
    }

    private void Decode(EncodedFrame frame)
    {
        if (_needsKeyFrame && !frame.IsKeyFrame)
        {
            Interlocked.Increment(ref _undecodable);
            return;
        }

        _decoder ??= createDecoder();
        if (frame.Codec != _decoder.Codec)
        {
            Refuse(new(
                "P2P2206", $"The camera sends {frame.Codec.Name()}, which is received but not decoded here. Read it compressed, by ReadEncodedFramesAsync, and decode it elsewhere, or let the camera send VP8."));
            return;
        }

        _needsKeyFrame = false;
        var start = Stopwatch.GetTimestamp();
        switch (_decoder.Decode(frame, out var picture))
        {
            case DecodeOutcome.Picture:
                Metrics?.FrameDecoded(Stopwatch.GetElapsedTime(start));
                Interlocked.Increment(ref _decoded);
                Deliver(picture!);
                break;
            case DecodeOutcome.TooLarge:
                Refuse(new(
                    "P2P1030", $"The camera sends pictures larger than {VideoLimits.LargestSide}x{VideoLimits.LargestSide}, which are received but not decoded here. Read them compressed, by ReadEncodedFramesAsync, and decode them elsewhere, or let the camera send smaller ones."));
                break;
            case DecodeOutcome.Undecodable:
                GiveUp();
                break;
        }
    }

    // Waiting for a codec or size that may never come would look like a camera that hangs.
    private void Refuse(P2PException error)
    {
        Interlocked.Increment(ref _undecodable);
        _needsKeyFrame = true;
        foreach (var reader in readers.All)
        {
            reader.Complete(error);
        }
    }

    private void GiveUp()
    {
        Interlocked.Increment(ref _undecodable);
        _needsKeyFrame = true;
        input.StartAnew();
    }

    private void Deliver(VideoFrame picture)
    {
        using (picture)
        {
            foreach (var reader in readers.All)
            {
                reader.Put(picture.AddReference());
            }
        }
    }

    [LoggerMessage(EventId = 2031, Level = LogLevel.Error, Message = "A frame could not be decoded; the decoder is made anew.")]
    private partial void LogDecodeFailed(Exception exception);
}
