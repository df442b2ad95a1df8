using System.Runtime.CompilerServices;
using P2PCam.Sources.FFmpeg;

namespace P2PCam;

/// <summary>
/// Pictures from whatever FFmpeg can open: cameras, files, RTSP. FFmpeg runs as a child process that is started when reading begins and ended when it
/// stops; frames arrive in I420 at the size and rate that the options ask for.
/// </summary>
public sealed class FFmpegSource : IVideoSource
{
    private readonly FFmpegInput _input;
    private readonly FFmpegSourceOptions _options;
    private readonly TimeProvider _timeProvider;

    private FFmpegSource(FFmpegInput input, FFmpegSourceOptions options, TimeProvider? timeProvider)
    {
        (_input, _options, _timeProvider) = (input, options, timeProvider ?? TimeProvider.System);
        Description = new VideoSourceDescription(input.Id, input.Name, options.Width, options.Height, options.FrameRate);
    }

    /// <inheritdoc />
    public VideoSourceDescription Description { get; }

    /// <summary>A file, at its own pace; by default from the start again at its end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static FFmpegSource FromFile(string path, bool loop = true, Action<FFmpegSourceOptions>? configure = null, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new FFmpegSource(FFmpegInput.File(path, loop), Configure(configure), timeProvider);
    }

    /// <summary>An RTSP camera, over TCP.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static FFmpegSource FromRtsp(Uri address, Action<FFmpegSourceOptions>? configure = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new FFmpegSource(FFmpegInput.Rtsp(address), Configure(configure), timeProvider);
    }

    /// <summary>A camera of this machine by its device: <c>/dev/video0</c> on Linux, its name on Windows, its index on macOS.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static FFmpegSource FromCamera(string device, string? name = null, Action<FFmpegSourceOptions>? configure = null, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(device);
        var options = Configure(configure);
        return new FFmpegSource(FFmpegInput.Camera(device, name ?? device, options, FFmpegPlatforms.Current), options, timeProvider);
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<VideoFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var process = FFmpegProcess.Start(_options.ExecutablePath, FFmpegArguments.Build(_input, _options));
        var start = _timeProvider.GetTimestamp();
        var any = false;
        while (true)
        {
            var frame = VideoFrame.Rent(_options.Width, _options.Height, PixelFormat.I420, _timeProvider.GetElapsedTime(start), out var pixels);
            if (!await TryReadAsync(process, pixels, frame, cancellationToken))
            {
                break;
            }

            any = true;
            yield return frame;
        }

        var (exitCode, words) = await process.WaitForEndAsync();
        if (exitCode != 0 || !any)
        {
            throw new VideoSourceException("P2P1002", $"FFmpeg could not read {_input.Name} (exit code {exitCode}): {(words.Length > 0 ? words : "it said nothing")}.");
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static FFmpegSourceOptions Configure(Action<FFmpegSourceOptions>? configure)
    {
        var options = new FFmpegSourceOptions();
        configure?.Invoke(options);
        options.Validate();
        return options;
    }

    /// <summary>Fills the frame; false (and the frame disposed) when the output ends. A part of a frame at the end is dropped.</summary>
    private async Task<bool> TryReadAsync(FFmpegProcess process, Memory<byte> pixels, VideoFrame frame, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.DataTimeout);
        try
        {
            if (await process.Output.ReadAtLeastAsync(pixels, pixels.Length, throwOnEndOfStream: false, limit.Token) == pixels.Length)
            {
                return true;
            }

            frame.Dispose();
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            frame.Dispose();
            throw new VideoSourceException("P2P1003", $"FFmpeg has yielded nothing from {_input.Name} for {_options.DataTimeout.TotalSeconds:0} s.");
        }
        catch
        {
            frame.Dispose();
            throw;
        }
    }
}
