using System.Runtime.CompilerServices;
using P2PCam.Broadcasting;
using P2PCam.Sources.FFmpeg;

namespace P2PCam;

/// <summary>
/// Pictures from whatever FFmpeg can open: cameras, files, RTSP. FFmpeg runs as a child process that is started when reading begins and
/// ended when it stops; frames arrive in I420 at the size and rate that the options ask for. Errors are
/// <see cref="VideoSourceException"/>s with the codes P2P1001 to P2P1006, see docs/errors.md.
/// </summary>
public sealed class FFmpegSource : IVideoSource, ICheckedAtStart
{
    private readonly FFmpegInput _input;
    private readonly FFmpegSourceOptions _options;
    private readonly TimeProvider _timeProvider;
    private long? _origin;

    internal FFmpegSource(FFmpegInput input, FFmpegSourceOptions options, TimeProvider? timeProvider)
    {
        (_input, _options, _timeProvider) = (input, options, timeProvider ?? TimeProvider.System);
        Description = new VideoSourceDescription(input.Id, input.Name, options.Width, options.Height, options.FrameRate);
    }

    /// <inheritdoc />
    public VideoSourceDescription Description { get; }

    /// <summary>The moment that timestamps count from, a timestamp of the clock; by default when reading first begins.</summary>
    internal long? Origin
    {
        init => _origin = value;
    }

    /// <summary>The child process while frames are read; for tests.</summary>
    internal int? ProcessId { get; private set; }

    /// <summary>A file, at its own pace; by default from the start again at its end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static FFmpegSource FromFile(
        string path, bool loop = true, Action<FFmpegSourceOptions>? configure = null, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new FFmpegSource(FFmpegInput.File(path, loop), Configure(configure), timeProvider);
    }

    /// <summary>An RTSP camera, over TCP. A password in the address shows in the host's list of processes, but never in logs.</summary>
    /// <exception cref="ArgumentException">The address is not an absolute <c>rtsp://</c> or <c>rtsps://</c> one.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static FFmpegSource FromRtsp(Uri address, Action<FFmpegSourceOptions>? configure = null, TimeProvider? timeProvider = null)
    {
        FFmpegInput.CheckRtsp(address);
        return new FFmpegSource(FFmpegInput.Rtsp(address), Configure(configure), timeProvider);
    }

    /// <summary>
    /// A camera of this machine by its device, as <see cref="Camera.ListAsync"/> names it: <c>/dev/video0</c> on Linux, the camera's name
    /// on Windows, its index on macOS. Asked for the wanted size and rate first; what else it offers is scaled.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static FFmpegSource FromCamera(
        string device, string? name = null, Action<FFmpegSourceOptions>? configure = null, TimeProvider? timeProvider = null) =>
        FromCamera(device, name, Configure(configure), timeProvider, origin: null);

    internal static FFmpegSource FromCamera(
        string device, string? name, FFmpegSourceOptions options, TimeProvider? timeProvider, long? origin)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(device);
        var input = FFmpegInput.Camera(device, name ?? device, options, FFmpegPlatforms.Current);
        return new FFmpegSource(input, options, timeProvider) { Origin = origin };
    }

    /// <inheritdoc />
    /// <remarks>A frame's timestamp is when its first byte arrived. Timestamps go on when the source is read again.</remarks>
    public async IAsyncEnumerable<VideoFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var origin = _origin ??= _timeProvider.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            await using var process = FFmpegProcess.Start(
                _options.ExecutablePath, FFmpegArguments.Build(_input, attempt, _options), _timeProvider, cancellationToken);
            ProcessId = process.Id;
            var reader = new FFmpegFrameReader(process, _options, _timeProvider, origin);
            var any = false;
            while (await reader.ReadAsync() is { } frame)
            {
                any = true;
                yield return frame;
            }

            var end = await process.WaitForEndAsync();
            cancellationToken.ThrowIfCancellationRequested();
            if (any && end is { ExitCode: 0, WasSilent: false })
            {
                yield break;
            }

            var error = FFmpegErrors.Explain(_input, end, _options.DataTimeout);
            if (any || attempt == _input.Attempts.Count - 1 || error.Code != FFmpegErrors.Failed)
            {
                throw error;
            }
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    Task ICheckedAtStart.CheckAsync(CancellationToken cancellationToken) => FFmpegStartCheck.CheckAsync(_options.ExecutablePath, _input, _timeProvider, cancellationToken);

    private static FFmpegSourceOptions Configure(Action<FFmpegSourceOptions>? configure)
    {
        var options = new FFmpegSourceOptions();
        configure?.Invoke(options);
        options.Validate();
        return options;
    }
}
