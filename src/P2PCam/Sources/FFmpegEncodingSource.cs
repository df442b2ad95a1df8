using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using P2PCam.Broadcasting;
using P2PCam.Codecs.Frames;
using P2PCam.Sources.FFmpeg;
using P2PCam.Sources.FFmpeg.Encoders;

namespace P2PCam;

/// <summary>
/// The pictures of another source as H.264, encoded by FFmpeg: by the graphics card where one works, by libx264 otherwise, by the library's own VP8
/// encoder where there is neither. Constrained Baseline without B-frames, each frame handed on at once; key frames when asked for. Errors are those of the source, and
/// <see cref="VideoSourceException"/>s with the codes P2P1014 and P2P1015, see docs/errors.md.
/// </summary>
public sealed partial class FFmpegEncodingSource : IEncodedVideoSource, ISlowSource, ICheckedAtStart
{
    private const int WaitingPictures = 2;
    private const int WaitingFrames = 8;
    private const double UnknownFrameRate = 30;
    private readonly IVideoSource _source;
    private readonly FFmpegEncoderOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly IReadOnlyList<H264Encoder> _candidates;
    private List<H264Encoder>? _working;
    private FFmpegPictureEncoder? _running;
    private volatile IReadOnlyList<VideoCodec> _codecs;
    private volatile string? _encoder;
    private volatile int _bitrate;
    private int _keyFrameWanted;

    /// <summary>Makes a source of a source.</summary>
    /// <param name="source">What to encode; disposed with this.</param>
    /// <param name="configure">Sets options.</param>
    /// <param name="timeProvider">Limits waits; the system's unless given.</param>
    /// <param name="logger">Is told which encoder it is.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    /// <exception cref="ArgumentException">An encoder is not one that is known on this system.</exception>
    public FFmpegEncodingSource(
        IVideoSource source,
        Action<FFmpegEncoderOptions>? configure = null,
        TimeProvider? timeProvider = null,
        ILogger<FFmpegEncodingSource>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        (_source, _timeProvider, _options) = (source, timeProvider ?? TimeProvider.System, new FFmpegEncoderOptions());
        _logger = logger ?? NullLogger<FFmpegEncodingSource>.Instance;
        configure?.Invoke(_options);
        _options.Validate();
        _candidates = H264Encoder.Choose(_options.Encoders, FFmpegPlatforms.Current);
        _bitrate = _options.Bitrate;
        _codecs = _options.FallBackToVp8 ? [VideoCodec.H264, VideoCodec.Vp8] : [VideoCodec.H264];
    }

    /// <inheritdoc />
    public VideoSourceDescription Description => _source.Description;

    bool ISlowSource.MayBeSlow => (_source as ISlowSource)?.MayBeSlow == true;

    /// <inheritdoc />
    /// <remarks>Both until an encoder was found, then its codec.</remarks>
    public IReadOnlyList<VideoCodec> Codecs => _codecs;

    /// <summary>The encoder in use, such as <c>h264_nvenc</c>, or <c>VP8</c> for the library's own; null until reading has begun.</summary>
    public string? Encoder => _encoder;

    /// <summary>The child process while frames are read; for tests.</summary>
    internal int? ProcessId => _running?.ProcessId;

    /// <summary>
    /// Sets the bit rate, in bits per second, 50,000 to 100,000,000. FFmpeg takes a new one only at its start: a second FFmpeg takes over by a key
    /// frame, at most every 2 s, and not for less than a tenth.
    /// </summary>
    public void SetTargetBitrate(int bitsPerSecond)
    {
        FFmpegEncoderOptions.CheckBitrate(bitsPerSecond);
        _bitrate = bitsPerSecond;
    }

    /// <inheritdoc />
    public void RequestKeyFrame() => Volatile.Write(ref _keyFrameWanted, 1);

    /// <inheritdoc />
    public async IAsyncEnumerable<EncodedFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var frames = Channel.CreateBounded<EncodedFrame>(WaitingFrames);
        await using var encoder = await CreateEncoderAsync(frames.Writer, stop.Token);
        _running = encoder as FFmpegPictureEncoder;
        var pictures = Channel.CreateBounded<VideoFrame>(
            new BoundedChannelOptions(WaitingPictures) { FullMode = BoundedChannelFullMode.DropOldest }, static dropped => dropped.Dispose());
        var reading = ReadPicturesAsync(pictures.Writer, stop.Token);
        var encoding = EncodeAsync(pictures.Reader, encoder, frames.Writer, stop.Token);
        try
        {
            await foreach (var frame in frames.Reader.ReadAllAsync(cancellationToken))
            {
                yield return frame;
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            await stop.CancelAsync();
            frames.Writer.TryComplete();
            await Task.WhenAll(reading, encoding);
            _running = null;
            Drain(pictures.Reader);
            Drain(frames.Reader);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    async Task ICheckedAtStart.CheckAsync(CancellationToken cancellationToken)
    {
        if (!_options.FallBackToVp8)
        {
            await FFmpegStartCheck.CheckAsync(_options.ExecutablePath, null, _timeProvider, cancellationToken);
        }

        if (_source is ICheckedAtStart source)
        {
            await source.CheckAsync(cancellationToken);
        }
    }

    private async Task<IPictureEncoder> CreateEncoderAsync(ChannelWriter<EncodedFrame> output, CancellationToken cancellationToken)
    {
        var frameRate = Description.FrameRate > 0 ? Description.FrameRate : UnknownFrameRate;
        _working ??= await FindAsync(cancellationToken);
        if (_working.Count > 0)
        {
            var encoder = _working[0];
            Announce(encoder.Name, VideoCodec.H264);
            EncoderRun Start(EncoderSettings settings) => EncoderRun.Start(_options.ExecutablePath, encoder, settings, _timeProvider, cancellationToken);
            return new FFmpegPictureEncoder(output, Start, encoder.Name, frameRate, _options.KeyFrameInterval, _timeProvider);
        }

        if (!_options.FallBackToVp8)
        {
            throw FFmpegErrors.NoEncoder(_candidates.Select(candidate => candidate.Name));
        }

        Announce("VP8", VideoCodec.Vp8);
        return new Vp8PictureEncoder(output, frameRate);
    }

    private void Announce(string encoder, VideoCodec codec)
    {
        if (_encoder != encoder)
        {
            LogEncoder(Description.Name, encoder);
            (_encoder, _codecs) = (encoder, [codec]);
        }
    }

    private async Task<List<H264Encoder>> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await EncoderProbe.FindAsync(_options.ExecutablePath, _candidates, _timeProvider, cancellationToken);
        }
        catch (VideoSourceException) when (_options.FallBackToVp8)
        {
            // No FFmpeg at all.
            return [];
        }
    }

    private async Task ReadPicturesAsync(ChannelWriter<VideoFrame> pictures, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var picture in _source.ReadFramesAsync(cancellationToken))
            {
                if (!VideoLimits.Fits(picture.Width, picture.Height))
                {
                    using (picture)
                    {
                        throw SourceErrors.TooLarge(Description.Name, picture.Width, picture.Height);
                    }
                }

                if (!pictures.TryWrite(picture))
                {
                    picture.Dispose();
                }
            }

            pictures.TryComplete();
        }
        catch (Exception e)
        {
            // Whatever a foreign source throws is for the reader to see, behind the pictures that came before it.
            pictures.TryComplete(e);
        }
    }

    private async Task EncodeAsync(ChannelReader<VideoFrame> pictures, IPictureEncoder encoder, ChannelWriter<EncodedFrame> frames, CancellationToken stop)
    {
        try
        {
            await foreach (var picture in pictures.ReadAllAsync(CancellationToken.None))
            {
                using (picture)
                {
                    using var converted = FrameConverter.ToI420(picture);
                    await encoder.EncodeAsync(converted, Interlocked.Exchange(ref _keyFrameWanted, 0) == 1, _bitrate);
                }
            }

            await encoder.CompleteAsync();
            frames.TryComplete();
        }
        catch (Exception e)
        {
            if (encoder is FFmpegPictureEncoder { HasWorked: false } && e is VideoSourceException && !stop.IsCancellationRequested)
            {
                // It worked when it was tried and has not since, as a card without a free session: the next one gets its turn.
                _working!.RemoveAt(0);
            }

            frames.TryComplete(stop.IsCancellationRequested ? null : e);
        }
    }

    private static void Drain<T>(ChannelReader<T> channel)
        where T : IDisposable
    {
        while (channel.TryRead(out var left))
        {
            left.Dispose();
        }
    }

    [LoggerMessage(EventId = 1112, Level = LogLevel.Information, Message = "Encoding {Source} by {Encoder}.")]
    private partial void LogEncoder(string source, string encoder);
}
