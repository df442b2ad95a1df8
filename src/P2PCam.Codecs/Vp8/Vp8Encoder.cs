using System.Buffers;
using P2PCam.Codecs.Vp8.Common;
using P2PCam.Codecs.Vp8.Encoding;

namespace P2PCam.Codecs.Vp8;

/// <summary>
/// Encodes I420 pictures as VP8 (RFC 6386) for live video: one pass, no delay, constant bit rate. Not for use by several threads at once.
/// </summary>
public sealed class Vp8Encoder : IDisposable
{
    private const int MaxTries = 4;

    private readonly WorkerTeam _team;
    private readonly bool _ownsTeam;
    private readonly RateControl _rate;
    private readonly TemporalLayers _layers;
    private Vp8EncoderOptions _options;
    private FrameEncoder _encoder;
    private int _sinceKeyFrame = -1;
    private bool _disposed;

    /// <summary>Allocates everything that encoding needs and starts its threads.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names both.</exception>
    public Vp8Encoder(Vp8EncoderOptions options)
        : this(options, null)
    {
    }

    /// <summary>With a team that others use too; null for one of its own.</summary>
    internal Vp8Encoder(Vp8EncoderOptions options, WorkerTeam? team)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        (_team, _ownsTeam) = (team ?? new WorkerTeam(options.Threads), team is null);
        _encoder = MakeFrameEncoder();
        _layers = new TemporalLayers(options.TemporalLayers);
        _rate = new RateControl(options, _layers.Weights);
    }

    /// <summary>The picture that a decoder shows after the last frame written.</summary>
    internal FrameBuffer Reconstruction => _encoder.Reconstruction;

    /// <summary>What was decided for each macroblock of the last frame written.</summary>
    internal FrameState State => _encoder.State;

    /// <summary>Bytes that the encoder's own threads have allocated.</summary>
    internal long AllocatedByThreads() => _team.Allocated;

    /// <summary>
    /// Encodes one picture, which has the options' size, or that of <see cref="SetSize"/>, and I420 format, as one frame appended to
    /// <paramref name="output"/>. Timestamps tell how many bits there are for it; where they don't advance, the frame rate does.
    /// </summary>
    /// <exception cref="ArgumentException">The picture has another size or format.</exception>
    /// <exception cref="ObjectDisposedException">The encoder has been disposed.</exception>
    public Vp8EncodeResult Encode(VideoFrame frame, bool forceKeyFrame, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return Encode(frame, frame.Timestamp, forceKeyFrame, output);
    }

    /// <summary>The same with a timestamp that is not the frame's.</summary>
    internal Vp8EncodeResult Encode(VideoFrame frame, TimeSpan timestamp, bool forceKeyFrame, IBufferWriter<byte> output)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(output);
        CheckFrame(frame);
        var isKeyFrame = forceKeyFrame || _sinceKeyFrame < 0
            || (_options.MaxKeyFrameInterval > 0 && _sinceKeyFrame + 1 >= _options.MaxKeyFrameInterval);
        _rate.BeginFrame(timestamp);
        if (!isKeyFrame && _rate.ShouldDrop())
        {
            _rate.OnDropped();
            _sinceKeyFrame++;
            return new Vp8EncodeResult(0, false, true, _rate.LastQuantizer);
        }

        SourcePicture.Copy(frame, _encoder.Source);
        var step = _layers.Next(isKeyFrame);
        var quantizer = EncodeToSize(step);
        _encoder.Commit();
        var length = _encoder.Length;
        _encoder.CopyTo(output.GetSpan(length));
        output.Advance(length);
        _rate.OnEncoded(isKeyFrame, step.Layer, quantizer, _encoder.ModeBits, (length * 8L) - _encoder.ModeBits);
        _sinceKeyFrame = isKeyFrame ? 0 : _sinceKeyFrame + 1;
        return new Vp8EncodeResult(length, isKeyFrame, false, quantizer)
        {
            TemporalLayer = step.Layer,
            Tl0PictureIndex = _layers.Advance(step),
            IsLayerSync = step.IsSync,
        };
    }

    /// <summary>Changes the bit rate, in bits per second, from the next frame on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bit rate is not one that <see cref="Vp8EncoderOptions.TargetBitrate"/> may have.</exception>
    public void SetTargetBitrate(int bitsPerSecond)
    {
        Vp8EncoderOptions.CheckBitrate(bitsPerSecond);
        _rate.SetTargetBitrate(bitsPerSecond);
    }

    /// <summary>Changes how many frames per second are expected, from the next frame on; the frames' timestamps correct it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not one that <see cref="Vp8EncoderOptions.FrameRate"/> may have.</exception>
    public void SetFrameRate(double fps)
    {
        Vp8EncoderOptions.CheckFrameRate(fps);
        _rate.SetFrameRate(fps);
    }

    /// <summary>Changes the size in pixels. The next frame must have it and will be a key frame; rate control and layers go on as they were.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The size is not one that <see cref="Vp8EncoderOptions"/> may have.</exception>
    public void SetSize(int width, int height)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Vp8EncoderOptions.CheckSize(width, height);
        if ((width, height) != (_options.Width, _options.Height))
        {
            _options = _options with { Width = width, Height = height };
            _encoder = MakeFrameEncoder();
            _rate.SetSize(width, height);
            _sinceKeyFrame = -1;
        }
    }

    /// <summary>Ends the encoder's use and its threads.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            if (_ownsTeam)
            {
                _team.Dispose();
            }
        }
    }

    private FrameEncoder MakeFrameEncoder() => new(_options.Width, _options.Height, !_options.ErrorResilient, _options.TokenPartitions, _team);

    // Encodes again where the frame came out far beyond what it may take.
    private int EncodeToSize(in TemporalLayers.Step step)
    {
        var isKeyFrame = step.Plan.IsKeyFrame;
        var plan = _options.TemporalLayers == 1 ? GoldenPolicy.Apply(step.Plan, _sinceKeyFrame + 1) : step.Plan;
        var quantizer = _rate.ChooseQuantizer(isKeyFrame, step.Layer);
        for (var attempt = 1; ; attempt++)
        {
            _encoder.Encode(plan, quantizer);
            var bits = _encoder.Length * 8L;
            if (attempt == MaxTries || !_rate.IsMiss(isKeyFrame, step.Layer, quantizer, bits))
            {
                return quantizer;
            }

            quantizer = _rate.Another(isKeyFrame, step.Layer, quantizer, bits);
        }
    }

    private void CheckFrame(VideoFrame frame)
    {
        if (frame.Format != PixelFormat.I420)
        {
            throw new ArgumentException($"The frame is in {frame.Format}; the encoder takes I420.", nameof(frame));
        }

        if (frame.Width != _options.Width || frame.Height != _options.Height)
        {
            throw new ArgumentException(
                $"The frame is {frame.Width}x{frame.Height}; the encoder was made for {_options.Width}x{_options.Height}.", nameof(frame));
        }
    }
}
