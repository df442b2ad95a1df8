using P2PCam.Codecs.Vp8.Common;

namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// One-pass constant bit rate: a virtual buffer fills with each frame's bits and drains at the target rate; how full it is, and how many bits
/// the last frames took at their quantizer, give the next quantizer.
/// </summary>
internal sealed class RateControl(Vp8EncoderOptions options)
{
    // The buffer's size in seconds, and how fast a deviation is to be worked off.
    private const double BufferSeconds = 1.0;
    private const double CorrectionSeconds = 0.5;

    private readonly Model _key = new();
    private readonly Model _inter = new();
    private double _debt;

    public int TargetBitrate { get; set; } = options.TargetBitrate;

    public double FrameRate { get; set; } = options.FrameRate;

    public int LastQuantizer { get; private set; } = options.MaxQuantizer;

    private double AverageFrame => TargetBitrate / FrameRate;

    public bool ShouldDrop() => options.DropFrames && _debt > TargetBitrate * BufferSeconds;

    public void OnDropped() => _debt = Math.Max(_debt - AverageFrame, -TargetBitrate * BufferSeconds / 4);

    public int ChooseQuantizer(bool isKeyFrame)
    {
        var model = isKeyFrame ? _key : _inter;
        if (!model.IsKnown)
        {
            // About how many bits a pixel takes; the size limit corrects what is far off.
            var pixels = (double)options.Width * options.Height;
            model.Complexity = pixels * (isKeyFrame ? 8 : 1.5);
        }

        return QuantizerFor(model.Complexity / Target(isKeyFrame));
    }

    /// <summary>Whether a frame is so much larger than it may be that it is worth encoding again.</summary>
    public bool IsTooLarge(bool isKeyFrame, long bits) =>
        isKeyFrame ? bits > AverageFrame * options.MaxKeyFrameRatio : bits > Math.Max(AverageFrame * 4, Target(isKeyFrame) * 3);

    /// <summary>A quantizer that should make a frame fit that took <paramref name="bits"/> at <paramref name="quantizer"/>.</summary>
    public int Coarser(bool isKeyFrame, int quantizer, long bits)
    {
        var limit = isKeyFrame ? AverageFrame * options.MaxKeyFrameRatio * 0.9 : Math.Max(AverageFrame * 2, Target(isKeyFrame) * 2);
        var wanted = QuantizerFor(QuantizerTables.LumaAc(quantizer) * bits / limit);
        return Math.Min(options.MaxQuantizer, Math.Max(quantizer + 2, wanted));
    }

    public void OnEncoded(bool isKeyFrame, int quantizer, long bits)
    {
        LastQuantizer = quantizer;
        (isKeyFrame ? _key : _inter).Learn((double)bits * QuantizerTables.LumaAc(quantizer));
        _debt = Math.Max(_debt + bits - AverageFrame, -TargetBitrate * BufferSeconds / 4);
    }

    // An inter frame gets the average less a share of the debt; a key frame what is allowed.
    private double Target(bool isKeyFrame)
    {
        var average = AverageFrame;
        if (isKeyFrame)
        {
            return average * options.MaxKeyFrameRatio * 0.8;
        }

        var share = 1 / Math.Max(1, FrameRate * CorrectionSeconds);
        return Math.Clamp(average - (_debt * share), average * 0.3, average * 2);
    }

    private int QuantizerFor(double step)
    {
        var index = options.MinQuantizer;
        while (index < options.MaxQuantizer && QuantizerTables.LumaAc(index) < step)
        {
            index++;
        }

        return index;
    }

    // Bits times quantizer step is nearly constant for like pictures.
    private sealed class Model
    {
        public bool IsKnown { get; private set; }

        public double Complexity { get; set; }

        public void Learn(double complexity)
        {
            Complexity = IsKnown ? Complexity + ((complexity - Complexity) * 0.3) : complexity;
            IsKnown = true;
        }
    }
}
