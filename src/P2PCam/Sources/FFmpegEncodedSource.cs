using System.Runtime.CompilerServices;
using P2PCam.Broadcasting;
using P2PCam.Sources.FFmpeg;
using P2PCam.Sources.FFmpeg.Containers;
using P2PCam.Sources.FFmpeg.H264;
using P2PCam.Sources.FFmpeg.PassThrough;

namespace P2PCam;

/// <summary>
/// H.264 or VP8 of a camera or file exactly as it is: FFmpeg opens it and copies, nothing is decoded or encoded. H.264 must be playable by WebRTC
/// viewers: Baseline, Main or High, progressive, 4:2:0, without B-frames; anything else is refused with words. FFmpeg runs as a child process while frames are
/// read. Errors are <see cref="VideoSourceException"/>s with the codes P2P1001 to P2P1013, see docs/errors.md.
/// </summary>
public sealed class FFmpegEncodedSource : IEncodedVideoSource, ICheckedAtStart
{
    private readonly FFmpegInput _input;
    private readonly FFmpegEncodedSourceOptions _options;
    private readonly TimeProvider _timeProvider;
    private MediaClock? _clock;
    private PassThroughContainer _container = PassThroughContainer.Flv;
    private volatile IReadOnlyList<VideoCodec> _codecs = [VideoCodec.H264, VideoCodec.Vp8];

    internal FFmpegEncodedSource(FFmpegInput input, FFmpegEncodedSourceOptions options, TimeProvider? timeProvider)
    {
        (_input, _options, _timeProvider) = (input, options, timeProvider ?? TimeProvider.System);
        Description = new VideoSourceDescription(input.Id, input.Name);
    }

    /// <inheritdoc />
    public VideoSourceDescription Description { get; }

    /// <inheritdoc />
    /// <remarks>Both until the first frame was read, then the one that it was.</remarks>
    public IReadOnlyList<VideoCodec> Codecs => _codecs;

    /// <summary>The child process while frames are read; for tests.</summary>
    internal int? ProcessId { get; private set; }

    /// <summary>A file, at its own pace; by default from the start again at its end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static FFmpegEncodedSource FromFile(
        string path, bool loop = true, Action<FFmpegEncodedSourceOptions>? configure = null, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new FFmpegEncodedSource(FFmpegInput.File(path, loop), Configure(configure), timeProvider);
    }

    /// <summary>An RTSP camera. A password in the address shows in the host's list of processes, but never in logs.</summary>
    /// <exception cref="ArgumentException">The address is not an absolute <c>rtsp://</c> or <c>rtsps://</c> one.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static FFmpegEncodedSource FromRtsp(
        Uri address, Action<FFmpegEncodedSourceOptions>? configure = null, TimeProvider? timeProvider = null)
    {
        FFmpegInput.CheckRtsp(address);
        var options = Configure(configure);
        return new FFmpegEncodedSource(FFmpegInput.RtspUnchanged(address, options.RtspOverUdp), options, timeProvider);
    }

    /// <summary>
    /// Anything else that FFmpeg opens: <c>http://</c>, <c>srt://</c>, a device together with <see cref="FFmpegEncodedSourceOptions.InputArguments"/>.
    /// </summary>
    /// <param name="input">What FFmpeg gets as its input.</param>
    /// <param name="isLive">Whether it has a pace of its own; otherwise its frames are handed on when their times say.</param>
    /// <param name="configure">Sets options.</param>
    /// <param name="timeProvider">Time stamps and paces frames; the system's unless given.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static FFmpegEncodedSource FromInput(
        string input, bool isLive = true, Action<FFmpegEncodedSourceOptions>? configure = null, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(input);
        return new FFmpegEncodedSource(FFmpegInput.Any(input, isLive), Configure(configure), timeProvider);
    }

    /// <inheritdoc />
    /// <remarks>The first frame is a key frame. Timestamps are the stream's own, counted on from when reading first began.</remarks>
    public async IAsyncEnumerable<EncodedFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var clock = _clock ??= new MediaClock(_timeProvider, isLive: !_input.NeedsPacing);
        clock.Restart();
        while (true)
        {
            await using var process = FFmpegProcess.Start(
                _options.ExecutablePath, _container.Build(_input, _options), _timeProvider, cancellationToken);
            ProcessId = process.Id;
            var reader = new PassThroughReader(process, _container.Open(process.Output), _options, clock, _timeProvider, _input.NeedsPacing);
            var any = false;
            while (await reader.ReadAsync(cancellationToken) is { } frame)
            {
                if (!any)
                {
                    (any, _codecs) = (true, [frame.Codec]);
                }

                yield return frame;
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (reader.LacksKeyFrame)
            {
                throw FFmpegErrors.LacksKeyFrame(_input, _options.DataTimeout);
            }

            if (await JudgeEndAsync(process, reader.End, any, cancellationToken) == EndVerdict.Finished)
            {
                yield break;
            }
        }
    }

    /// <inheritdoc />
    /// <remarks>Does nothing: FFmpeg has no way to ask a camera. Set the camera's key frame interval to 1 or 2 s.</remarks>
    public void RequestKeyFrame()
    {
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    Task ICheckedAtStart.CheckAsync(CancellationToken cancellationToken) => FFmpegStartCheck.CheckAsync(_options.ExecutablePath, _input, _timeProvider, cancellationToken);

    private async Task<EndVerdict> JudgeEndAsync(FFmpegProcess process, ContainerRead end, bool any, CancellationToken cancellationToken)
    {
        switch (end.Status)
        {
            case ContainerStatus.Unplayable:
                throw FFmpegErrors.Unplayable(_input, end.Detail!);
            case ContainerStatus.Malformed:
                throw FFmpegErrors.Malformed(_input, end.Detail!);
            case ContainerStatus.OtherCodec:
                return TryIvf(end.Detail!);
        }

        var exit = await process.WaitForEndAsync();
        cancellationToken.ThrowIfCancellationRequested();
        if (!any && PassThroughContainer.CodecRefusedBy(exit.Words) is { } codec)
        {
            return TryIvf(codec);
        }

        if (!any)
        {
            // What is behind an address may be another thing when it is opened again.
            _container = PassThroughContainer.Flv;
        }

        if (PassThroughContainer.IsOutOfOrderBy(exit.Words))
        {
            throw FFmpegErrors.Unplayable(_input, ViewerCompatibility.BidirectionalFrames);
        }

        if (exit.WasSilent)
        {
            throw FFmpegErrors.Explain(_input, exit, any ? _options.StallTimeout : _options.DataTimeout);
        }

        if (!any || exit.ExitCode != 0)
        {
            throw FFmpegErrors.Explain(_input, exit, _options.DataTimeout);
        }

        return _input.NeedsPacing ? EndVerdict.Finished : throw FFmpegErrors.Ended(_input);
    }

    private EndVerdict TryIvf(string codec)
    {
        if (codec.ToUpperInvariant() is not ("VP8" or "VP08" or "VP80") || _container == PassThroughContainer.Ivf)
        {
            throw FFmpegErrors.OtherCodec(_input, codec);
        }

        _container = PassThroughContainer.Ivf;
        return EndVerdict.TryAgain;
    }

    private static FFmpegEncodedSourceOptions Configure(Action<FFmpegEncodedSourceOptions>? configure)
    {
        var options = new FFmpegEncodedSourceOptions();
        configure?.Invoke(options);
        options.Validate();
        return options;
    }

    private enum EndVerdict
    {
        Finished,
        TryAgain,
    }
}
