using P2PCam.Sources.FFmpeg.Containers;

namespace P2PCam.Sources.FFmpeg.PassThrough;

/// <summary>
/// The frames of one running FFmpeg from the first key frame on, each with its time on the source's clock, and no earlier than that where the
/// input has no pace of its own.
/// </summary>
internal sealed class PassThroughReader(
    FFmpegProcess process, IContainerReader container, FFmpegEncodedSourceOptions options, MediaClock clock, TimeProvider timeProvider, bool isPaced)
{
    /// <summary>Frames looked at before the first is shown where frames may be out of order: so many are enough to meet a B-frame.</summary>
    private const int Probation = 8;

    private readonly Queue<ContainerFrame> _waiting = new();
    private readonly long _start = timeProvider.GetTimestamp();
    private readonly ArrivalPace _pace = new();
    private bool _isBegun;

    /// <summary>Why there are no more frames.</summary>
    public ContainerRead End { get; private set; }

    /// <summary>Pictures came, but no key frame for too long.</summary>
    public bool LacksKeyFrame { get; private set; }

    /// <summary>The next frame; null at the end, for which <see cref="End"/> has the reason.</summary>
    public async ValueTask<EncodedFrame?> ReadAsync(CancellationToken cancellationToken)
    {
        if (!_isBegun && !await TryBeginAsync())
        {
            return null;
        }

        if (_waiting.Count == 0 && !await TryFetchAsync())
        {
            return null;
        }

        var next = _waiting.Dequeue();
        var frame = next.WithTimestamp(clock.Map(next.Time));
        if (isPaced && frame.Timestamp - clock.Now is { Ticks: > 0 } early)
        {
            try
            {
                await Task.Delay(early, timeProvider, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                frame.Dispose();
                throw;
            }
        }

        return frame;
    }

    private async ValueTask<bool> TryBeginAsync()
    {
        do
        {
            Clear();
            if (!await TryFetchAsync())
            {
                return false;
            }

            LacksKeyFrame = timeProvider.GetElapsedTime(_start) > options.DataTimeout;
        }
        while (!_waiting.Peek().IsKeyFrame && !LacksKeyFrame);

        if (LacksKeyFrame)
        {
            Clear();
            return false;
        }

        _isBegun = true;
        for (var suspicious = _waiting.Peek().MayBeReordered; suspicious && _waiting.Count < Probation;)
        {
            if (!await TryFetchAsync())
            {
                // What ends within a few frames has shown all its frames; anything else is not to be shown at all.
                return End.Status == ContainerStatus.End || Clear();
            }
        }

        return true;
    }

    private async ValueTask<bool> TryFetchAsync()
    {
        if (End.Status != ContainerStatus.Frame)
        {
            return false;
        }

        process.ExpectData(_isBegun ? _pace.StallAfter(options.StallTimeout) : options.DataTimeout);
        var read = await container.ReadAsync();
        process.ExpectData(null);
        if (read.Status == ContainerStatus.Frame)
        {
            _pace.OnFrame(timeProvider.GetElapsedTime(_start));
            _waiting.Enqueue(read.Frame);
            return true;
        }

        End = read;
        return false;
    }

    private bool Clear()
    {
        while (_waiting.TryDequeue(out var frame))
        {
            frame.Release();
        }

        return false;
    }
}
