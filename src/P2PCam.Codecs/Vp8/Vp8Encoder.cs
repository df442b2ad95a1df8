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

    private readonly Vp8EncoderOptions _options;
    private readonly WorkerTeam _team;
    private readonly FrameEncoder _encoder;
    private readonly RateControl _rate;
    private int _sinceKeyFrame = -1;
    private bool _disposed;

    /// <summary>Allocates everything that encoding needs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names both.</exception>
    public Vp8Encoder(Vp8EncoderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _team = new WorkerTeam(options.Threads);
        _encoder = new FrameEncoder(options.Width, options.Height, !options.ErrorResilient, options.TokenPartitions, _team);
        _rate = new RateControl(options, [1]);
    }

    /// <summary>The picture that a decoder shows after the last frame written.</summary>
    internal FrameBuffer Reconstruction => _encoder.Reconstruction;

    /// <summary>Encodes one picture, which has the options' size and I420 format, as one frame appended to <paramref name="output"/>.</summary>
    /// <exception cref="ArgumentException">The picture has another size or format.</exception>
    public Vp8EncodeResult Encode(VideoFrame frame, bool forceKeyFrame, IBufferWriter<byte> output)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(output);
        CheckFrame(frame);
        var isKeyFrame = forceKeyFrame || _sinceKeyFrame < 0
            || (_options.MaxKeyFrameInterval > 0 && _sinceKeyFrame + 1 >= _options.MaxKeyFrameInterval);
        _rate.BeginFrame(frame.Timestamp);
        if (!isKeyFrame && _rate.ShouldDrop())
        {
            _rate.OnDropped();
            _sinceKeyFrame++;
            return new Vp8EncodeResult(0, false, true, _rate.LastQuantizer);
        }

        SourcePicture.Copy(frame, _encoder.Source);
        var plan = isKeyFrame ? FramePlan.Key : FramePlan.Inter;
        var quantizer = EncodeToSize(plan);
        _encoder.Commit();
        var length = _encoder.Length;
        _encoder.CopyTo(output.GetSpan(length));
        output.Advance(length);
        _rate.OnEncoded(isKeyFrame, 0, quantizer, _encoder.ModeBits, (length * 8L) - _encoder.ModeBits);
        _sinceKeyFrame = isKeyFrame ? 0 : _sinceKeyFrame + 1;
        return new Vp8EncodeResult(length, isKeyFrame, false, quantizer);
    }

    /// <summary>Changes the bit rate, in bits per second, from the next frame on.</summary>
    public void SetTargetBitrate(int bitsPerSecond)
    {
        Vp8EncoderOptions.CheckBitrate(bitsPerSecond);
        _rate.SetTargetBitrate(bitsPerSecond);
    }

    /// <summary>Changes how many frames per second are expected, from the next frame on.</summary>
    public void SetFrameRate(double fps)
    {
        Vp8EncoderOptions.CheckFrameRate(fps);
        _rate.SetFrameRate(fps);
    }

    /// <summary>Ends the encoder's use and its threads.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _team.Dispose();
        }
    }

    // Encodes again where the frame came out far beyond what it may take.
    private int EncodeToSize(in FramePlan plan)
    {
        var quantizer = _rate.ChooseQuantizer(plan.IsKeyFrame, 0);
        for (var attempt = 1; ; attempt++)
        {
            _encoder.Encode(plan, quantizer);
            var bits = _encoder.Length * 8L;
            if (attempt == MaxTries || !_rate.IsMiss(plan.IsKeyFrame, 0, quantizer, bits))
            {
                return quantizer;
            }

            quantizer = _rate.Another(plan.IsKeyFrame, 0, quantizer, bits);
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
