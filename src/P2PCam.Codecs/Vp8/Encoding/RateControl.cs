namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// One-pass constant bit rate. A virtual buffer fills with each frame's bits and drains at the target rate as the frames' timestamps advance. Each frame
/// is planned to take its share of the rate less a part of what the buffer holds; a <see cref="SizeModel"/> turns that into a quantizer.
/// </summary>
internal sealed class RateControl
{
    // A deviation is worked off over so many frames; what a key frame took beyond its share over so many seconds, so that the picture
    // after it is not starved.
    private const double FastFrames = 5;
    private const double KeyFrameSeconds = 0.5;

    // Rate that was not used is lost beyond this, so that content which wakes up cannot burst: more of it where the finest quantizer left it
    // unused, less where frames came out smaller than planned, as repeated ones do.
    private const double FinestCreditSeconds = 0.05;
    private const double CreditSeconds = 0.1;
    private const double CreditFrames = 2;

    // How far an inter frame may overfill the buffer before it is worth encoding again, how full it may leave it then, and how full the buffer must
    // be to drop one.
    private const double OverfullSeconds = 0.08;
    private const double RefillSeconds = 0.05;
    private const double DropSeconds = 0.1;

    // A key frame that comes while all is steady: 5 % of 3 s are 0.15 s.
    private const double KeyFrameSecondsOfRate = 0.11;

    // How far the step may change from one frame to the next. Finer in small ones, since the last picture, coarser, says little about what the next
    // takes; coarser not at all after a frame that took few bits, since what it left to code is below its step.
    private const double FinerPerFrame = 0.8;
    private const double CoarserPerFrame = 1.35;

    // So long after a key frame the picture only gets finer, and nothing of what the key frame took is paid back.
    private const double SharpeningSeconds = 0.25;

    private readonly Vp8EncoderOptions _options;
    private readonly FrameClock _clock;
    private readonly SizeModel _key = new();
    private readonly LayerRate[] _layers;
    private double _pixels;
    private double _level;
    private double _keyDebt;
    private double _payment;
    private double _sinceKeyFrame = double.MaxValue;
    private double _targetBitrate;
    private bool _hasHistory;

    public RateControl(Vp8EncoderOptions options, ReadOnlySpan<double> layerWeights)
    {
        _options = options;
        _clock = new FrameClock(options.FrameRate);
        _targetBitrate = options.TargetBitrate;
        LastQuantizer = options.MaxQuantizer;
        _layers = new LayerRate[layerWeights.Length];
        for (var i = 0; i < _layers.Length; i++)
        {
            _layers[i] = new LayerRate(layerWeights[i]);
        }

        SetSize(options.Width, options.Height);
    }

    public int LastQuantizer { get; private set; }

    private double AverageFrame => _targetBitrate * _clock.Interval;

    private double KeyLimit => AverageFrame * _options.MaxKeyFrameRatio;

    /// <summary>Bits per second. What the buffer holds counts as time, so that a new rate begins with what it allows.</summary>
    public void SetTargetBitrate(int value)
    {
        var factor = value / _targetBitrate;
        (_level, _keyDebt, _targetBitrate) = (_level * factor, _keyDebt * factor, value);
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
        _level -= elapsed * _targetBitrate;
        _sinceKeyFrame += elapsed;
        _payment = _sinceKeyFrame < SharpeningSeconds ? 0 : _keyDebt / Math.Max(2, KeyFrameSeconds / _clock.Interval);
    }

    public bool ShouldDrop() => _options.DropFrames && _level + AverageFrame > Math.Max(DropSeconds * _targetBitrate, AverageFrame);

    public void OnDropped() => Settle(0);

    public int ChooseQuantizer(bool isKeyFrame, int layer)
    {
        if (isKeyFrame)
        {
            return QuantizerFor(_key.StepFor(KeyTarget()));
        }

        var rate = _layers[layer];
        var step = rate.Model.StepFor(InterTarget(layer));
        if (rate.LastStep > 0)
        {
            var mayGetCoarser = !rate.WasSmall && _sinceKeyFrame >= SharpeningSeconds;
            step = Math.Clamp(step, rate.LastStep * FinerPerFrame, rate.LastStep * (mayGetCoarser ? CoarserPerFrame : 1));
        }

        return QuantizerFor(step);
    }

    /// <summary>Whether a frame is so much larger or, of key frames, smaller than planned that it is worth encoding again.</summary>
    public bool IsMiss(bool isKeyFrame, int layer, int quantizer, long bits)
    {
        if (isKeyFrame)
        {
            return bits > Math.Min(KeyLimit, KeyTarget() * 1.2) ? quantizer < _options.MaxQuantizer : bits < KeyTarget() * 0.4 && quantizer > _options.MinQuantizer;
        }

        return quantizer < _options.MaxQuantizer && bits > InterTarget(layer) * 1.8 && _level + bits > Math.Max(OverfullSeconds * _targetBitrate, AverageFrame);
    }

    /// <summary>A quantizer that should make a frame fit that took <paramref name="bits"/> at <paramref name="quantizer"/>.</summary>
    public int Another(bool isKeyFrame, int layer, int quantizer, long bits)
    {
        var wanted = isKeyFrame ? KeyTarget() * 0.9 : Math.Max(InterTarget(layer) * 1.2, (RefillSeconds * _targetBitrate) - _level);
        var model = isKeyFrame ? _key : _layers[layer].Model;
        var step = SizeModel.StepOf(quantizer) * model.StepGrowth(bits / wanted);
        if (!isKeyFrame && _layers[layer] is { WasSmall: true } rate && rate.LastStep > SizeModel.StepOf(quantizer))
        {
            // A picture at rest: the last step leaves nothing to code, so look half-way to it.
            step = Math.Min(step, Math.Sqrt(SizeModel.StepOf(quantizer) * rate.LastStep));
        }

        var index = QuantizerFor(step);
        return bits > wanted ? Math.Min(_options.MaxQuantizer, Math.Max(quantizer + 2, index)) : Math.Max(_options.MinQuantizer, Math.Min(quantizer - 1, index));
    }

    public void OnEncoded(bool isKeyFrame, int layer, int quantizer, long modeBits, long tokenBits)
    {
        LastQuantizer = quantizer;
        double bits = modeBits + tokenBits;
        if (isKeyFrame)
        {
            _sinceKeyFrame = 0;
            _key.Learn(quantizer, modeBits, tokenBits);
            foreach (var rate in _layers)
            {
                // From here on it gets finer step by step.
                (rate.LastStep, rate.WasSmall) = (SizeModel.StepOf(quantizer), true);
            }

            // It stands where a frame of layer 0 would.
            var share = AverageFrame * _layers[0].Weight;
            _keyDebt += Math.Max(0, bits - share);
            bits = Math.Min(bits, share);
        }
        else
        {
            var rate = _layers[layer];
            rate.WasSmall = bits < InterTarget(layer) * 0.5;
            rate.LastStep = SizeModel.StepOf(quantizer);
            rate.Model.Learn(quantizer, modeBits, tokenBits);
        }

        // What layers take more or less than the average evens out.
        _hasHistory = true;
        Settle(bits - ((_layers[layer].Weight - 1) * AverageFrame));
    }

    private void Settle(double bits)
    {
        var credit = LastQuantizer <= _options.MinQuantizer ? FinestCreditSeconds : CreditSeconds;
        _level = Math.Max(_level + bits + _payment, -Math.Max(credit * _targetBitrate, AverageFrame / 2));
        _keyDebt -= _payment;
    }

    private double KeyTarget()
    {
        if (!_hasHistory)
        {
            return KeyLimit * 0.8;
        }

        // Several in a row must not add up.
        var free = Math.Max(KeyFrameSecondsOfRate * _targetBitrate, AverageFrame * 2.5) - (_keyDebt * 1.5);
        return Math.Min(KeyLimit * 0.85, Math.Max(free, AverageFrame * 1.5));
    }

    private double InterTarget(int layer)
    {
        var average = AverageFrame;
        var share = average * _layers[layer].Weight;
        var level = _level + average;
        var correction = (_payment + (level / (level > 0 ? FastFrames : CreditFrames))) / average;
        return share * Math.Clamp(1 - correction, 0.3, 2.4);
    }

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
