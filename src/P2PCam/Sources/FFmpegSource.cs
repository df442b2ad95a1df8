using System.Runtime.CompilerServices;
using P2PCam.Broadcasting;
using P2PCam.Sources.FFmpeg;

namespace P2PCam;

/// <summary>
/// Pictures from whatever FFmpeg can open: cameras, files, RTSP, streams. FFmpeg runs as a child process that is started when reading begins and
/// ended when it stops; frames arrive in I420 at the size and rate that the options ask for. Errors are
/// <see cref="VideoSourceException"/>s with the codes P2P1001 to P2P1006, P2P1012 and P2P1032, see docs/errors.md.
/// </summary>
public sealed class FFmpegSource : IVideoSource, ISlowSource, ICheckedAtStart
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
    /// <remarks>The frame rate is the one that was asked for, or that of the camera or stream once it has said that it is lower.</remarks>
    public VideoSourceDescription Description { get; private set; }

    bool ISlowSource.MayBeSlow => _input.MayBeSlow;

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
        return new FFmpegSource(FFmpegInput.Rtsp(FFmpegInput.ParseRtsp(address)), Configure(configure), timeProvider);
    }

    /// <summary>
    /// Anything else that FFmpeg opens: <c>http://</c>, <c>srt://</c>, <c>udp://</c>, <c>rtmp://</c>, a device together with
    /// <see cref="FFmpegSourceOptions.InputArguments"/>. A password in an address need not be encoded. It shows in the host's list of processes, but never in logs.
    /// </summary>
    /// <param name="input">What FFmpeg gets as its input.</param>
    /// <param name="isLive">Whether it has a pace of its own; otherwise it is slowed down to life's. Files by HTTP always are.</param>
    /// <param name="configure">Sets options.</param>
    /// <param name="timeProvider">Stamps frames; the system's unless given.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static FFmpegSource FromInput(
        string input, bool isLive = true, Action<FFmpegSourceOptions>? configure = null, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(input);
        return new FFmpegSource(FFmpegInput.Any(input, isLive), Configure(configure), timeProvider);
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
        var attempt = default(FFmpegAttempt);
        while (true)
        {
            var start = _timeProvider.GetTimestamp();
            await using var process = FFmpegProcess.Start(
                _options.ExecutablePath, FFmpegArguments.Build(_input, attempt, _options), _timeProvider, cancellationToken, secrets: _input.Secrets);
            ProcessId = process.Id;
            using var still = new StillPicture();
            var reader = new FFmpegFrameReader(process, _options, _timeProvider, origin);
            var (any, isKnown, better) = (false, false, attempt);
            while (await reader.ReadAsync() is { } frame)
            {
                if (!isKnown)
                {
                    (isKnown, better) = (process.Facts.Known.IsCompleted, Learn(process.Facts, attempt));
                    if (better != attempt)
                    {
                        frame.Dispose();
                        break;
                    }
                }

                if (attempt.InRounds)
                {
                    still.Add(frame);
                }

                any = true;
                yield return frame;
            }

            if (better == attempt)
            {
                var end = await process.WaitForEndAsync();
                cancellationToken.ThrowIfCancellationRequested();
                better = Learn(process.Facts, attempt);
                if (better == attempt && !TryGoOn(end, any, ref better))
                {
                    yield break;
                }
            }

            if (still.IsStill && better == attempt)
            {
                await foreach (var frame in still.ShowAsync(_options.FrameRate, _timeProvider, origin, cancellationToken))
                {
                    yield return frame;
                }
            }

            if (any && LoopForm.ShortestRound - _timeProvider.GetElapsedTime(start) is { Ticks: > 0 } early)
            {
                await Task.Delay(early, _timeProvider, cancellationToken);
            }

            attempt = better;
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    Task ICheckedAtStart.CheckAsync(CancellationToken cancellationToken) => FFmpegStartCheck.CheckAsync(_options.ExecutablePath, _input, _timeProvider, cancellationToken);
    // What FFmpeg says of its input may ask for another command line: then it is started once more, which costs a moment before the first picture.
    private FFmpegAttempt Learn(FFmpegFacts facts, FFmpegAttempt attempt)
    {
        if (!_input.NeedsPacing && facts.FrameRate is > 0 and var rate && rate < _options.FrameRate && rate != Description.FrameRate)
        {
            Description = Description with { FrameRate = rate };
        }

        return attempt with
        {
            InRounds = attempt.InRounds || (_input.Loops && LoopForm.NeedsRounds(facts.Format)),
            IsInterlaced = attempt.IsInterlaced || (!_input.NeedsPacing && facts.IsInterlaced),
        };
    }

    // How to go on after FFmpeg has ended; false if that was all.
    private bool TryGoOn(FFmpegEnd end, bool any, ref FFmpegAttempt attempt)
    {
        if (any && end is { ExitCode: 0, WasSilent: false })
        {
            // FFmpeg should have begun again by itself, and could not.
            attempt = attempt with { InRounds = true };
            return _input.Loops;
        }

        var error = FFmpegErrors.Explain(_input, end, _options.DataTimeout);
        if (any || attempt.Number == _input.Attempts.Count - 1 || error.Code != FFmpegErrors.Failed)
        {
            throw error;
        }

        attempt = attempt with { Number = attempt.Number + 1 };
        return true;
    }

    private static FFmpegSourceOptions Configure(Action<FFmpegSourceOptions>? configure)
    {
        var options = new FFmpegSourceOptions();
        configure?.Invoke(options);
        options.Validate();
        return options;
    }
}
