using System.Threading.Channels;
using P2PCam.Sources.FFmpeg.Containers;

namespace P2PCam.Sources.FFmpeg.Encoders;

/// <summary>
/// Encodes by one FFmpeg at a time. A new bit rate takes a new FFmpeg: that one is warmed up by a picture of its own while the old one goes on, and
/// takes over with a key frame once it has shown that it works, so that no frame is missing. A new size takes a new one at once.
/// </summary>
internal sealed class FFmpegPictureEncoder(
    ChannelWriter<EncodedFrame> output,
    Func<EncoderSettings, EncoderRun> start,
    string name,
    double frameRate,
    TimeSpan keyFrameInterval,
    TimeProvider timeProvider) : IPictureEncoder
{
    /// <summary>Rates closer than this to the current one are not worth a new process.</summary>
    private const double Nearby = 0.1;

    private static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(2);
    private EncoderRun? _current;
    private Task<ContainerRead>? _forwarding;
    private EncoderRun? _next;
    private Task<bool>? _warming;
    private long _changed;

    /// <summary>Whether a frame has ever come out.</summary>
    public bool HasWorked { get; private set; }

    /// <summary>The child process that encodes; for tests.</summary>
    public int? ProcessId => _current?.Id;

    public async ValueTask EncodeAsync(VideoFrame picture, bool isKeyFrame, int bitrate)
    {
        if (_current is { } current && (current.Settings.Width, current.Settings.Height) != (picture.Width, picture.Height))
        {
            await DiscardNextAsync();
            await RetireAsync();
        }

        if (_current is null)
        {
            Begin(Start(picture, bitrate));
        }
        else
        {
            isKeyFrame |= await FollowAsync(picture, bitrate);
        }

        if (!await _current!.TryWriteAsync(picture, isKeyFrame) || _forwarding!.IsCompleted)
        {
            throw await ExplainAsync();
        }
    }

    public ValueTask CompleteAsync() => RetireAsync();

    public async ValueTask DisposeAsync()
    {
        await DiscardNextAsync();
        if (_current is not null)
        {
            await _current.DisposeAsync();
            await _forwarding!;
        }
    }

    /// <summary>Brings the bit rate to what is wanted; true when another FFmpeg took over just now.</summary>
    private async ValueTask<bool> FollowAsync(VideoFrame picture, int bitrate)
    {
        if (_next is null)
        {
            var far = Math.Abs(bitrate - _current!.Settings.Bitrate) > _current.Settings.Bitrate * Nearby;
            if (far && timeProvider.GetElapsedTime(_changed) >= LeastInterval)
            {
                _changed = timeProvider.GetTimestamp();
                _next = Start(picture, bitrate);
                _warming = WarmAsync(_next, picture.AddReference());
            }

            return false;
        }

        if (!_warming!.IsCompleted)
        {
            return false;
        }

        if (!await _warming)
        {
            // The old one goes on at its rate; the wish stands, and is tried again later.
            await DiscardNextAsync();
            return false;
        }

        await RetireAsync();
        Begin(_next);
        (_next, _warming) = (null, null);
        return true;
    }

    private EncoderRun Start(VideoFrame picture, int bitrate) => start(new EncoderSettings(picture.Width, picture.Height, frameRate, bitrate, keyFrameInterval));

    private void Begin(EncoderRun run)
    {
        _current = run;
        _changed = timeProvider.GetTimestamp();
        _forwarding = ForwardAsync(run);
    }

    /// <summary>Lets the current one write what it has.</summary>
    private async ValueTask RetireAsync()
    {
        if (_current is { } run)
        {
            run.CompleteInput();
            await _forwarding!;
            await run.DisposeAsync();
            (_current, _forwarding) = (null, null);
        }
    }

    private async ValueTask DiscardNextAsync()
    {
        if (_next is not null)
        {
            await _next.DisposeAsync();
            await _warming!;
            (_next, _warming) = (null, null);
        }
    }

    private async Task<ContainerRead> ForwardAsync(EncoderRun run)
    {
        ContainerRead read;
        while ((read = await run.ReadAsync()).Status == ContainerStatus.Frame)
        {
            HasWorked = true;
            var frame = read.Frame.WithTimestamp(read.Frame.Time);
            try
            {
                await output.WriteAsync(frame);
            }
            catch (Exception e) when (e is ChannelClosedException or OperationCanceledException)
            {
                // Nobody reads any more; what is left is read to its end, so that nothing waits for room in the pipe.
                frame.Dispose();
            }
        }

        return read;
    }

    private static async Task<bool> WarmAsync(EncoderRun run, VideoFrame picture)
    {
        // A picture is larger than a pipe: writing it takes as long as FFmpeg does to start.
        using (picture)
        {
            await run.TryWriteAsync(picture, isKeyFrame: false);
        }

        var read = await run.ReadAsync();
        if (read.Status != ContainerStatus.Frame)
        {
            return false;
        }

        read.Frame.Release();
        return true;
    }

    private async Task<VideoSourceException> ExplainAsync()
    {
        var run = _current!;
        run.CompleteInput();
        var read = await _forwarding!;
        if (read.Status != ContainerStatus.End)
        {
            return FFmpegErrors.EncoderFailed(name, $"made a stream that cannot be passed on ({read.Detail})", "");
        }

        var end = await run.EndAsync();
        return FFmpegErrors.EncoderFailed(name, end.WasSilent ? "yielded nothing for 10 s" : $"ended (exit code {end.ExitCode})", end.Words);
    }
}
