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
/// read. Errors are <see cref="VideoSourceException"/>s with the codes P2P1001 to P2P1013, P2P1031 and P2P1032, see docs/errors.md.
/// </summary>
public sealed class FFmpegEncodedSource : IEncodedVideoSource, ISlowSource, ICheckedAtStart
{
    // FFmpeg speaks of its input before it writes; a moment for what it says to come through. A program in its place may say nothing.
    private static readonly TimeSpan FactsLimit = TimeSpan.FromSeconds(1);
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

    bool ISlowSource.MayBeSlow => _input.MayBeSlow;

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
        var (parsed, options) = (FFmpegInput.ParseRtsp(address), Configure(configure));
        return new FFmpegEncodedSource(FFmpegInput.RtspUnchanged(parsed, options.RtspOverUdp), options, timeProvider);
    }

    /// <summary>
    /// Anything else that FFmpeg opens: <c>http://</c>, <c>srt://</c>, a device together with <see cref="FFmpegEncodedSourceOptions.InputArguments"/>. A password
    /// in an address need not be encoded.
    /// </summary>
    /// <param name="input">What FFmpeg gets as its input.</param>
    /// <param name="isLive">Whether it has a pace of its own; otherwise its frames are handed on when their times say. Files by HTTP always are.</param>
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
        var attempt = default(FFmpegAttempt);
        while (true)
        {
            clock.Restart();
            var start = _timeProvider.GetTimestamp();
            await using var process = FFmpegProcess.Start(
                _options.ExecutablePath, _container.Build(_input, attempt, _options), _timeProvider, cancellationToken, secrets: _input.Secrets);
            ProcessId = process.Id;
            var reader = new PassThroughReader(process, _container.Open(process.Output), _options, clock, _timeProvider, _input.NeedsPacing);
            var (any, needsRounds) = (false, false);
            while (await reader.ReadAsync(cancellationToken) is { } frame)
            {
                if (!any)
                {
                    needsRounds = await LookAsync(process.Facts, frame, attempt);
                    if (needsRounds)
                    {
                        break;
                    }

                    (any, _codecs) = (true, [frame.Codec]);
                }

                yield return frame;
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (reader.LacksKeyFrame)
            {
                throw FFmpegErrors.LacksKeyFrame(_input, _options.DataTimeout);
            }

            if (needsRounds)
            {
                attempt = attempt with { InRounds = true };
                continue;
            }

            switch (await JudgeEndAsync(process, reader.End, any, attempt, cancellationToken))
            {
                case EndVerdict.Finished when !_input.Loops:
                    yield break;
                case EndVerdict.Finished:
                    attempt = attempt with { InRounds = true };
                    if (LoopForm.ShortestRound - _timeProvider.GetElapsedTime(start) is { Ticks: > 0 } early)
                    {
                        await Task.Delay(early, _timeProvider, cancellationToken);
                    }

                    break;
                case EndVerdict.LookLonger:
                    attempt = attempt with { Number = attempt.Number + 1 };
                    break;
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

    // Before anything is shown: whether a loop has to be made of rounds, in which case the frame is disposed.
    private async Task<bool> LookAsync(FFmpegFacts facts, EncodedFrame first, FFmpegAttempt attempt)
    {
        try
        {
            await facts.Known.WaitAsync(FactsLimit);
        }
        catch (TimeoutException)
        {
            // What it says later is of no use.
        }

        var obstacle = _options.AcceptDistortion ? null : FFmpegErrors.Distortion(_input, facts);
        var needsRounds = _input.Loops && !attempt.InRounds && LoopForm.NeedsRounds(facts.Format);
        if (obstacle is not null || needsRounds)
        {
            first.Dispose();
        }

        return obstacle is null ? needsRounds : throw obstacle;
    }

    private async Task<EndVerdict> JudgeEndAsync(
        FFmpegProcess process, ContainerRead end, bool any, FFmpegAttempt attempt, CancellationToken cancellationToken)
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
            var error = FFmpegErrors.Explain(_input, exit, _options.DataTimeout);
            return !any && error.Code == FFmpegErrors.Failed && attempt.Number < _input.Attempts.Count - 1 ? EndVerdict.LookLonger : throw error;
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
        LookLonger,
    }
}
