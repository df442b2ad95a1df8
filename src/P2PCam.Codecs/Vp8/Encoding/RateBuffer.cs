namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// The virtual buffer of constant bit rate: each frame fills it, and it drains at the target rate as the frames' timestamps advance. It is where it
/// should be when a frame of average size has just filled what drained since the one before. What a key frame takes beyond its share is kept apart, as a
/// debt that is paid over a while, so that the picture after it is not starved. All in bits, of which <paramref name="size"/> seconds are the buffer.
/// </summary>
internal sealed class RateBuffer(double size, double bitrate)
{
    // Shares of the buffer's size. How much of what was not used is kept for later, and how much of that where the finest quantizer left it unused,
    // since content that wakes up bursts; how full a frame may leave it that goes on with the picture.
    private const double CreditShare = 0.67;
    private const double FinestCreditShare = 0.33;
    private const double UsualShare = 0.53;

    // A new picture may take more of what rest at the finest quantizer left, where the window has room for it: up to so much in a small buffer.
    private const double LongestBurstSeconds = 0.3;

    // How much more, and how much less, than the target's bits are planned for a window, as shares of the buffer's size.
    private const double MostShare = 0.8;
    private const double LeastShare = 0.65;

    // So long a key frame's debt rests, and over so long it is then paid.
    private const double SharpeningSeconds = 0.25;
    private const double PaymentSeconds = 0.5;

    // How much fuller than full it may be before frames are left out: after a picture that is all new and too large even in the coarsest steps, the next ones
    // take few bits and drain it as well as none would.
    private const double GraceSeconds = 0.2;

    // Until an inter frame's excess is worked off, and a key frame's.
    private const double InterRecoverySeconds = 0.7;
    private const double KeyRecoverySeconds = 1;

    // What was sent, and the same with what nobody wanted counted as if it had been: rest need not be made up for.
    private readonly RateHistory _sent = new();
    private readonly RateHistory _used = new();
    private double _level;
    private double _lost;
    private double _saved;
    private double _sinceKeyFrame = double.MaxValue;

    public double Bitrate { get; private set; } = bitrate;

    /// <summary>Of the frame that is coming, at the frame rate of late.</summary>
    public double AverageFrame { get; private set; }

    /// <summary>Above where it should be, were the coming frame an average one.</summary>
    public double Excess => _level + AverageFrame;

    /// <summary>What key frames took beyond their share and is not paid yet.</summary>
    public double KeyDebt { get; private set; }

    /// <summary>What of it the coming frame is to pay.</summary>
    public double Payment { get; private set; }

    /// <summary>A key frame was just before: the picture only gets finer.</summary>
    public bool IsSharpening => _sinceKeyFrame < SharpeningSeconds;

    /// <summary>Frames are to be left out until it has drained.</summary>
    public bool IsOverfull => Excess > Math.Max((size + GraceSeconds) * Bitrate, AverageFrame);

    /// <summary>How large a coming key frame may be for every window to stay within the buffer's size.</summary>
    public double KeyFrameLimit { get; private set; }

    /// <summary>How large another frame may be for that.</summary>
    public double InterFrameLimit { get; private set; }

    /// <summary>How large it must be for that.</summary>
    public double LeastFrame { get; private set; }

    /// <summary>The largest frame of a picture that goes on: what only gets finer need not take all there is of a large buffer.</summary>
    public double UsualLimit => Math.Min(
        NewPictureLimit,
        Math.Max(LeastFrame, (Usual - _level) * Math.Min(1, Vp8EncoderOptions.DefaultBufferSize.TotalSeconds / size)));

    /// <summary>The largest frame of a picture that is new.</summary>
    public double NewPictureLimit =>
        Math.Min(InterFrameLimit, (size * Bitrate) + Math.Min(-_level, AverageFrame) + _saved);

    private double Usual => Math.Max(UsualShare * size * Bitrate, AverageFrame / 2);

    /// <summary>What it holds counts as time, so that a new rate begins with what it allows.</summary>
    public void SetBitrate(double value)
    {
        var factor = value / Bitrate;
        (_level, _lost, KeyDebt, Bitrate) = (_level * factor, _lost * factor, KeyDebt * factor, value);
        _sent.Forget();
        _used.Forget();
    }

    /// <summary>Time has passed until the coming frame.</summary>
    /// <param name="elapsed">Seconds.</param>
    /// <param name="interval">Seconds from one frame to the next.</param>
    public void Drain(double elapsed, double interval)
    {
        _level -= elapsed * Bitrate;
        _sent.Advance(elapsed);
        _used.Advance(elapsed);
        _sinceKeyFrame += elapsed;
        AverageFrame = interval * Bitrate;
        Payment = IsSharpening ? 0 : KeyDebt / Math.Max(2, PaymentSeconds / interval);

        KeyFrameLimit = AverageFrame + ((_sent.Starts(interval, KeyRecoverySeconds).Least - _sent.Ahead + (MostShare * size)) * Bitrate);
        var saved = (_sent.Starts(interval, InterRecoverySeconds).Least - _sent.Ahead) * Bitrate;
        InterFrameLimit = AverageFrame + saved + (MostShare * size * Bitrate);
        LeastFrame = AverageFrame + ((_used.Starts(interval, InterRecoverySeconds).Most - _used.Ahead - (LeastShare * size)) * Bitrate);
        _saved = Math.Clamp(saved, 0, _lost);
    }

    /// <summary>The coming frame took so many bits.</summary>
    /// <param name="bits">All of them.</param>
    /// <param name="debt">Those that a key frame owes.</param>
    /// <param name="usual">What frames of its kind take beyond the average, which evens out.</param>
    /// <param name="isFinest">It could not have taken more.</param>
    public void Fill(double bits, double debt, double usual, bool isFinest)
    {
        var credit = Math.Max((isFinest ? FinestCreditShare : CreditShare) * size * Bitrate, AverageFrame / 2);
        var level = _level + bits - debt - usual + Payment;
        var lost = Math.Max(0, -credit - level);
        var burst = Math.Clamp(level - Usual, 0, _saved);
        _level = level + lost - burst;
        _lost = Math.Min(_lost - burst + (isFinest ? lost : 0), Math.Max(0, LongestBurstSeconds - size) * Bitrate);
        KeyDebt += debt - Payment;
        _sent.Add(bits / Bitrate);

        // What could not be less need not be made up for either.
        var planned = Math.Min(bits, Math.Max(debt > 0 ? KeyFrameLimit : InterFrameLimit, AverageFrame));
        _used.Add((planned + (isFinest ? lost : 0) - burst) / Bitrate);
    }

    /// <summary>A key frame was sent.</summary>
    public void BeginSharpening() => _sinceKeyFrame = 0;
}
