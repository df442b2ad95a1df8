namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>
/// The virtual buffer of constant bit rate: each frame fills it, and it drains at the target rate as the frames' timestamps advance. It is where it
/// should be when a frame of average size has just filled what drained since the one before. What a key frame takes beyond its share is kept apart, as a
/// debt that is paid over a while, so that the picture after it is not starved. All in bits.
/// </summary>
internal sealed class RateBuffer(double size, double bitrate)
{
    // Shares of the buffer's size: how much of what was not used is kept for later, the less where the finest quantizer left it unused, since content
    // that wakes up bursts; how far an inter frame may overfill it, and how full it must be to leave frames out.
    private const double CreditShare = 0.67;
    private const double FinestCreditShare = 0.33;
    private const double OverfullShare = 0.53;
    private const double DropShare = 0.8;

    // How much more than the buffer allows a frame may take where the window has room for it, since little was sent before.
    private const double SavedShare = 1.33;

    // Of what the buffer allows over a window, what is planned with.
    private const double Planned = 0.8;

    // So long a key frame's debt rests, and over so long it is then paid.
    private const double SharpeningSeconds = 0.25;
    private const double PaymentSeconds = 0.5;

    // Until an inter frame's excess is worked off, and a key frame's.
    private const double InterRecoverySeconds = 0.7;
    private const double KeyRecoverySeconds = 1;

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
    public bool IsOverfull => Excess > Math.Max(DropShare * size * Bitrate, AverageFrame);

    /// <summary>How large the coming frame may be for every window to stay within the buffer's size, a key frame and another one.</summary>
    public double KeyFrameLimit { get; private set; }

    public double InterFrameLimit { get; private set; }

    /// <summary>How large the coming frame must be for that.</summary>
    public double LeastFrame { get; private set; }

    /// <summary>The same, and the buffer not overfull.</summary>
    /// <param name="maySpend">Also what the window has room for beyond it.</param>
    public double BufferLimit(bool maySpend) => Math.Min(InterFrameLimit, Overfull + (maySpend ? _saved : 0) - _level);

    private double Overfull => Math.Max(OverfullShare * size * Bitrate, AverageFrame / 2);

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
        KeyFrameLimit = Room(KeyRecoverySeconds).Most;
        (LeastFrame, InterFrameLimit) = Room(InterRecoverySeconds);
        _saved = Math.Clamp(InterFrameLimit - AverageFrame - (size * Planned * Bitrate), 0, _lost);
        Payment = IsSharpening ? 0 : KeyDebt / Math.Max(2, PaymentSeconds / interval);
    }

    /// <summary>The coming frame took so many bits.</summary>
    /// <param name="bits">All of them.</param>
    /// <param name="debt">Those that a key frame owes.</param>
    /// <param name="usual">What frames of its kind take beyond the average, which evens out.</param>
    /// <param name="isFinest">It could not have taken more.</param>
    public void Fill(double bits, double debt, double usual, bool isFinest)
    {
        var credit = (isFinest ? FinestCreditShare : CreditShare) * size * Bitrate;
        var level = _level + bits - debt - usual + Payment;
        var burst = Math.Clamp(level - Overfull, 0, _saved);
        var lost = Math.Max(0, -Math.Max(credit, AverageFrame / 2) - level);
        _level = level - burst + lost;
        _lost = Math.Min(_lost - burst + (isFinest ? lost : 0), SavedShare * size * Bitrate);
        _sent.Add(bits / Bitrate);
        _used.Add((Math.Min(bits, Math.Max(debt > 0 ? KeyFrameLimit : InterFrameLimit, AverageFrame)) + lost - burst) / Bitrate);
        KeyDebt += debt + (burst / 2) - Payment;
    }

    public void BeginSharpening() => _sinceKeyFrame = 0;

    private (double Least, double Most) Room(double recoverySeconds)
    {
        var (next, free) = (AverageFrame / Bitrate, size * Planned);
        var least = _sent.Starts(next, recoverySeconds).Least - _sent.Ahead;
        var most = _used.Starts(next, recoverySeconds).Most - _used.Ahead;
        return (((most - (free)) * Bitrate) + AverageFrame, ((least + free) * Bitrate) + AverageFrame);
    }
}
