using System.Buffers;
using P2PCam.Codecs.Frames;
using P2PCam.Codecs.Vp8.Encoding;

namespace P2PCam.Codecs.Vp8;

/// <summary>
/// Encodes each picture in several sizes, every one a VP8 stream of its own with its own bit rate (simulcast). Each size is scaled from the next larger one and
/// begins its motion search where that found motion. Not for use by several threads at once.
/// </summary>
public sealed class Vp8SimulcastEncoder : IDisposable
{
    private readonly WorkerTeam _team;
    private readonly Layer[] _layers;

    /// <summary>Allocates everything that encoding needs and starts as many threads as the first layer's options ask for; all layers share them.</summary>
    /// <param name="layers">Each layer's options, the largest first; that one has the size of the pictures to encode.</param>
    /// <exception cref="ArgumentException">There is no layer, or one is larger than the one before it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names both.</exception>
    public Vp8SimulcastEncoder(IReadOnlyList<Vp8EncoderOptions> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        Check(layers);
        _team = new WorkerTeam(layers[0].Threads);
        _layers = new Layer[layers.Count];
        for (var i = 0; i < _layers.Length; i++)
        {
            _layers[i] = new Layer(layers[i], i == 0 ? null : layers[i - 1], _team);
        }
    }

    /// <summary>How many layers there are.</summary>
    public int LayerCount => _layers.Length;

    /// <summary>Encodes one picture, which has the first layer's size and I420 format, in every layer.</summary>
    /// <param name="frame">The picture; its timestamp is that of all layers' frames.</param>
    /// <param name="forceKeyFrames">For each layer whether the frame must be a key frame.</param>
    /// <param name="outputs">Where each layer's frame is appended.</param>
    /// <param name="results">Takes what became of each layer's frame.</param>
    /// <exception cref="ArgumentException">The picture has another size or format, or a list has not one entry for each layer.</exception>
    /// <exception cref="ObjectDisposedException">The encoder has been disposed.</exception>
    public void Encode(VideoFrame frame, ReadOnlySpan<bool> forceKeyFrames, ReadOnlySpan<IBufferWriter<byte>> outputs, Span<Vp8EncodeResult> results)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (forceKeyFrames.Length != _layers.Length || outputs.Length != _layers.Length || results.Length != _layers.Length)
        {
            throw new ArgumentException(
                $"There are {_layers.Length} layers, but {forceKeyFrames.Length} wishes for key frames, {outputs.Length} outputs and {results.Length} results.");
        }

        var source = frame;
        for (var i = 0; i < _layers.Length; i++)
        {
            var layer = _layers[i];
            source = layer.Scale(source);
            if (i > 0 && results[i - 1] is { Dropped: false, IsKeyFrame: false })
            {
                MotionHints.Transfer(_layers[i - 1].Encoder.State, layer.Encoder.State);
            }

            results[i] = layer.Encoder.Encode(source, frame.Timestamp, forceKeyFrames[i], outputs[i]);
        }
    }

    /// <summary>Changes a layer's bit rate, in bits per second, from the next frame on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer, or the bit rate is none that <see cref="Vp8EncoderOptions.TargetBitrate"/> may have.</exception>
    public void SetTargetBitrate(int layer, int bitsPerSecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(layer, _layers.Length);
        _layers[layer].Encoder.SetTargetBitrate(bitsPerSecond);
    }

    /// <summary>Changes how many frames per second are expected in every layer, from the next frame on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not one that <see cref="Vp8EncoderOptions.FrameRate"/> may have.</exception>
    public void SetFrameRate(double fps)
    {
        foreach (var layer in _layers)
        {
            layer.Encoder.SetFrameRate(fps);
        }
    }

    /// <summary>Ends the encoder's use and its threads.</summary>
    public void Dispose()
    {
        foreach (var layer in _layers)
        {
            layer.Dispose();
        }

        _team.Dispose();
    }

    /// <summary>The encoder of a layer.</summary>
    internal Vp8Encoder this[int layer] => _layers[layer].Encoder;

    private static void Check(IReadOnlyList<Vp8EncoderOptions> layers)
    {
        if (layers.Count == 0)
        {
            throw new ArgumentException("There must be at least one layer.", nameof(layers));
        }

        for (var i = 0; i < layers.Count; i++)
        {
            layers[i].Validate();
            if (i > 0 && (layers[i].Width > layers[i - 1].Width || layers[i].Height > layers[i - 1].Height))
            {
                throw new ArgumentException(
                    $"Layer {i} is {layers[i].Width}x{layers[i].Height}, larger than the {layers[i - 1].Width}x{layers[i - 1].Height} before it; the largest comes first.",
                    nameof(layers));
            }
        }
    }

    /// <summary>One encoder, and the picture that it gets.</summary>
    private sealed class Layer : IDisposable
    {
        private readonly FrameScaler? _scaler;
        private readonly VideoFrame? _frame;
        private readonly Memory<byte> _pixels;

        public Layer(Vp8EncoderOptions options, Vp8EncoderOptions? larger, WorkerTeam team)
        {
            Encoder = new Vp8Encoder(options, team);
            if (larger is not null)
            {
                _scaler = new FrameScaler(larger.Width, larger.Height, options.Width, options.Height);
                _frame = VideoFrame.Rent(options.Width, options.Height, PixelFormat.I420, default, out _pixels);
            }
        }

        public Vp8Encoder Encoder { get; }

        public VideoFrame Scale(VideoFrame source)
        {
            if (_scaler is null)
            {
                return source;
            }

            _scaler.ScaleInto(source, _pixels.Span);
            return _frame!;
        }

        public void Dispose()
        {
            Encoder.Dispose();
            _frame?.Dispose();
        }
    }
}
