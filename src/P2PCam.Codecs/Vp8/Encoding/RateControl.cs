namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// One-pass constant bit rate. Each frame is planned to take its share of the rate less a part of what a <see cref="RateBuffer"/> holds too much; a
/// <see cref="SizeModel"/> turns that into a quantizer.
/// </summary>
internal sealed class RateControl
{
    // What the buffer holds too much is worked off over so many seconds, what it holds too little over so many, where the buffer has its usual size.
    private const double ExcessSeconds = 0.167;
    private const double CreditSeconds = 0.067;

    // What a frame that is encoded again should leave free of what the buffer allows, as a share of its size.
    private const double SpareShare = 0.2;

    // How much of what the buffer allows a key frame is planned to take beyond an average frame.
    private const double KeyFrameShare = 0.75;

    // How far the step may change in a thirtieth of a second. Finer in small ones, since the last picture, coarser, says little about what the next
    // takes; coarser not at all after a frame that took few bits, since what it left to code is below its step.
    private const double Finer = 0.8;
    private const double Coarser = 1.35;
    private const double StepChangesPerSecond = 30;

    private readonly Vp8EncoderOptions _options;
    private readonly FrameClock _clock;
    private readonly RateBuffer _buffer;
    private readonly double _bufferSize;
    private readonly SizeModel _key = new();
    private readonly LayerRate[] _layers;
    private readonly SizeSearch _search = new();
    private double _pixels;
    private bool _hasHistory;

    public RateControl(Vp8EncoderOptions options, ReadOnlySpan<double> layerWeights)
    {
        _options = options;
        _clock = new FrameClock(options.FrameRate);
        _bufferSize = options.BufferSize.TotalSeconds;
        _buffer = new RateBuffer(_bufferSize, options.TargetBitrate);
        LastQuantizer = options.MaxQuantizer;
        _layers = new LayerRate[layerWeights.Length];
        for (var i = 0; i < _layers.Length; i++)
        {
            _layers[i] = new LayerRate(layerWeights[i]);
        }

        SetSize(options.Width, options.Height);
    }

    public int LastQuantizer { get; private set; }

    private double KeyLimit => _buffer.AverageFrame * _options.MaxKeyFrameRatio;

    /// <summary>How much longer than usual everything takes.</summary>
    private double Slowness => Math.Clamp(_bufferSize / Vp8EncoderOptions.DefaultBufferSize.TotalSeconds, 1, 5);

    public void SetTargetBitrate(int value)
    {
        _buffer.SetBitrate(value);
        foreach (var layer in _layers)
        {
            layer.LastStep = 0;
        }
    }

    public void SetFrameRate(double value) => _clock.SetFrameRate(value);

    /// <summary>Takes over what was learned to another picture size.</summary>
    public void SetSize(int width, int height)
    {
        var pixels = (double)width * height;
        if (_pixels == 0)
        {
            // About how many bits a pixel takes; what is far off is encoded again.
            _key.Assume(pixels * 12);
            foreach (var layer in _layers)
            {
                layer.Model.Assume(pixels * 2.5);
            }
        }
        else
        {
            _key.Scale(pixels / _pixels);
            foreach (var layer in _layers)
            {
                layer.Model.Scale(pixels / _pixels);
                layer.LastStep = 0;
            }
        }

        _pixels = pixels;
    }

    /// <summary>Time has passed: the buffer drains.</summary>
    public void BeginFrame(TimeSpan timestamp)
    {
        var elapsed = _clock.Advance(timestamp);
        _buffer.Drain(elapsed, _clock.Interval);
        foreach (var layer in _layers)
        {
            layer.Age += elapsed;
        }
    }

    public bool ShouldDrop() => _options.DropFrames && _buffer.IsOverfull;

    public void OnDropped() => _buffer.Fill(0, 0, 0, LastQuantizer <= _options.MinQuantizer);

    public int ChooseQuantizer(bool isKeyFrame, int layer)
    {
        _search.Begin();
        if (isKeyFrame)
        {
            return QuantizerFor(_key.StepFor(KeyTarget()));
        }

        var rate = _layers[layer];
        var step = rate.Model.StepFor(InterTarget(layer));
        if (rate.LastStep > 0)
        {
            var mayGetCoarser = !rate.WasSmall && !_buffer.IsSharpening;
            var changes = Math.Max(1, rate.Age * StepChangesPerSecond);
            var finer = _buffer.LeastFrame > _buffer.AverageFrame / 2 ? changes * 2 : changes;
            step = Math.Clamp(step, rate.LastStep * Math.Pow(Finer, finer), rate.LastStep * (mayGetCoarser ? Math.Pow(Coarser, changes) : 1));
        }

        return QuantizerFor(step);
    }

    /// <summary>Whether a frame is so much larger or, of key frames, smaller than planned that it is worth encoding again.</summary>
    public bool IsMiss(bool isKeyFrame, int layer, int quantizer, long bits)
    {
        if (isKeyFrame)
        {
            return bits > Math.Min(KeyLimit, KeyTarget() * 1.15) ? quantizer < _options.MaxQuantizer : bits < KeyTarget() * 0.4 && quantizer > _options.MinQuantizer;
        }

        var target = InterTarget(layer);
        return bits > target
            ? quantizer < _options.MaxQuantizer && ((bits > target * 1.8 && bits > (_search.WasTooLarge ? _buffer.NewPictureLimit : _buffer.UsualLimit)) || bits > Math.Max(_buffer.InterFrameLimit, target * 1.2))
            : quantizer > _options.MinQuantizer && _search.Tries == 0 && bits < Math.Min(target, _buffer.LeastFrame) * 0.5;
    }

    /// <summary>A quantizer that should make a frame fit that took <paramref name="bits"/> at <paramref name="quantizer"/>.</summary>
    public int Another(bool isKeyFrame, int layer, int quantizer, long bits)
    {
        var wanted = isKeyFrame ? KeyTarget() : Math.Max(InterTarget(layer) * 1.2, Refill());
        var model = isKeyFrame ? _key : _layers[layer].Model;
        var step = _search.Next(model, SizeModel.StepOf(quantizer), bits, wanted);
        if (!isKeyFrame && _search.Tries == 1 && _layers[layer] is { WasSmall: true } rate && rate.LastStep > SizeModel.StepOf(quantizer))
        {
            // A picture at rest, unless the next try says otherwise: the last step leaves nothing to code, so look half-way to it.
            step = Math.Min(step, Math.Sqrt(SizeModel.StepOf(quantizer) * rate.LastStep));
        }

        var index = QuantizerFor(step);
        return bits > wanted ? Math.Min(_options.MaxQuantizer, Math.Max(quantizer + (quantizer < 16 ? 1 : 2), index)) : Math.Max(_options.MinQuantizer, Math.Min(quantizer - 1, index));
    }

    public void OnEncoded(bool isKeyFrame, int layer, int quantizer, long modeBits, long tokenBits)
    {
        LastQuantizer = quantizer;
        double bits = modeBits + tokenBits;
        var rate = _layers[layer];
        var debt = 0.0;
        if (isKeyFrame)
        {
            _key.Learn(quantizer, modeBits, tokenBits);
            _buffer.BeginSharpening();
            foreach (var each in _layers)
            {
                // From here on it gets finer step by step.
                (each.LastStep, each.WasSmall, each.Age) = (SizeModel.StepOf(quantizer), true, 0);
            }

            // It stands where a frame of layer 0 would.
            debt = Math.Max(0, bits - (_buffer.AverageFrame * rate.Weight));
        }
        else
        {
            rate.WasSmall = bits < InterTarget(layer) * 0.5;
            (rate.LastStep, rate.Age) = (SizeModel.StepOf(quantizer), 0);
            rate.Model.Learn(quantizer, modeBits, tokenBits);
        }

        _hasHistory = true;
        _buffer.Fill(bits, debt, (rate.Weight - 1) * _buffer.AverageFrame, quantizer <= _options.MinQuantizer);
    }

    private double KeyTarget()
    {
        if (!_hasHistory)
        {
            return KeyLimit * 0.85;
        }

        var average = _buffer.AverageFrame;
        var free = Math.Max((KeyFrameShare * _bufferSize * _buffer.Bitrate) + average, average * 2.5) - (_buffer.KeyDebt * 1.5);
        return Math.Min(KeyLimit * 0.85, Math.Max(Math.Min(free, _buffer.KeyFrameLimit * 0.95), average * 1.5));
    }

    private double InterTarget(int layer)
    {
        var (average, excess) = (_buffer.AverageFrame, _buffer.Excess);
        var frames = (excess > 0 ? ExcessSeconds * Slowness : CreditSeconds) * _buffer.Bitrate / average;
        var correction = (_buffer.Payment + (excess / Math.Max(1, frames))) / average;
        var share = average * _layers[layer].Weight;
        var least = Math.Max(share * (1 - correction), Math.Min(_buffer.LeastFrame, share * 2));
        return Math.Clamp(Math.Min(least, _buffer.InterFrameLimit * 0.9), share * 0.3, share * 2.4);
    }

    // What a frame may take that was encoded again.
    private double Refill() => _buffer.NewPictureLimit - (SpareShare * _bufferSize * _buffer.Bitrate);

    private int QuantizerFor(double step)
    {
        var index = _options.MinQuantizer;
        while (index < _options.MaxQuantizer && SizeModel.StepOf(index) < step)
        {
            index++;
        }

        return index;
    }
}
