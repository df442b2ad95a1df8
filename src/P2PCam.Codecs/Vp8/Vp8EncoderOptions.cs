namespace P2PCam.Codecs.Vp8;

/// <summary>What a <see cref="Vp8Encoder"/> makes.</summary>
public sealed record Vp8EncoderOptions
{
    internal static readonly TimeSpan DefaultBufferSize = TimeSpan.FromMilliseconds(150);

    private static readonly TimeSpan SmallestBuffer = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LargestBuffer = TimeSpan.FromSeconds(10);

    /// <summary>Picture width in pixels, 1..16383.</summary>
    public required int Width { get; init; }

    /// <summary>Picture height in pixels, 1..16383.</summary>
    public required int Height { get; init; }

    /// <summary>Frames per second to expect, above 0 and up to 1000; the frames' timestamps correct it. 30 unless set.</summary>
    public double FrameRate { get; init; } = 30;

    /// <summary>Bits per second to aim at, 10,000..1,000,000,000. 1,500,000 unless set.</summary>
    public int TargetBitrate { get; init; } = 1_500_000;

    /// <summary>The finest quantizer used, as an index 0..127 (RFC 6386 section 9.6). 4 unless set.</summary>
    public int MinQuantizer { get; init; } = 4;

    /// <summary>The coarsest quantizer used, as an index 0..127, not below <see cref="MinQuantizer"/>. 112 unless set.</summary>
    public int MaxQuantizer { get; init; } = 112;

    /// <summary>
    /// How many average frames a key frame may take at most, 1..100; more only where <see cref="MaxQuantizer"/> itself takes more. One that comes while the
    /// rate is steady takes less, so that the rate stays so. 6 unless set.
    /// </summary>
    public double MaxKeyFrameRatio { get; init; } = 6;

    /// <summary>
    /// How far the stream may run ahead of <see cref="TargetBitrate"/>, as time at that rate, 100 ms to 10 s: the virtual buffer that libvpx calls
    /// rc_buf_sz and H.264 the coded picture buffer (VBV). 150 ms unless set, which are 5 % of three seconds: the picture comes in time. A larger one lets a
    /// picture that is all new take more at once, so that it is sharp at once, but is that much longer on its way: for shared screens and slides, 1 s. After
    /// a rest such a picture may take some of what the rest left unused besides, 0.3 s in all where the buffer is smaller.
    /// </summary>
    public TimeSpan BufferSize { get; init; } = DefaultBufferSize;

    /// <summary>Whether frames may be left out when the coarsest quantizer still makes too many bits. True unless set.</summary>
    public bool DropFrames { get; init; } = true;

    /// <summary>Frames from one key frame to the next at most; 0, the default, makes them only on request.</summary>
    public int MaxKeyFrameInterval { get; init; }

    /// <summary>
    /// Whether each inter frame codes with the probabilities that the key frame left, so that after a lost frame later ones can still be
    /// parsed; costs some bits. True unless set.
    /// </summary>
    public bool ErrorResilient { get; init; } = true;

    /// <summary>
    /// How many threads encode a frame, the caller's included, 1..16; no more than there are rows of macroblocks are of use. Each row follows the
    /// one above, so that the stream is the same, bit for bit, whatever their number. The encoder keeps its own threads. 1 unless set.
    /// </summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// Into how many partitions coefficients are split, so that several threads can write and read them: 1, 2, 4 or 8 (RFC 6386 section 9.5).
    /// Each costs 5 bytes a frame. 1 unless set.
    /// </summary>
    public int TokenPartitions { get; init; } = 1;

    /// <summary>
    /// How many temporal layers frames are in, 1..3: with 2 every other frame, with 3 three of four may be left out by who forwards the stream, and
    /// what remains decodes (RFC 7741 section 4.2). Layers share the bit rate 60 to 40, or 40 to 20 to 40. 1 unless set.
    /// </summary>
    public int TemporalLayers { get; init; } = 1;

    internal void Validate()
    {
        CheckSize(Width, Height);
        CheckFrameRate(FrameRate);
        CheckBitrate(TargetBitrate);
        Check(MinQuantizer, 0, 127, nameof(MinQuantizer));
        Check(MaxQuantizer, MinQuantizer, 127, nameof(MaxQuantizer));
        Check(MaxKeyFrameRatio, 1, 100, nameof(MaxKeyFrameRatio));
        if (BufferSize < SmallestBuffer || BufferSize > LargestBuffer)
        {
            throw new ArgumentOutOfRangeException(nameof(BufferSize), BufferSize, "BufferSize must be from 100 ms to 10 s.");
        }

        Check(MaxKeyFrameInterval, 0, int.MaxValue, nameof(MaxKeyFrameInterval));
        Check(Threads, 1, 16, nameof(Threads));
        Check(TemporalLayers, 1, 3, nameof(TemporalLayers));
        if (TokenPartitions is not (1 or 2 or 4 or 8))
        {
            throw new ArgumentOutOfRangeException(nameof(TokenPartitions), TokenPartitions, "TokenPartitions must be 1, 2, 4 or 8.");
        }
    }

    internal static void CheckSize(int width, int height)
    {
        Check(width, 1, 16383, nameof(Width));
        Check(height, 1, 16383, nameof(Height));
    }

    internal static void CheckFrameRate(double frameRate)
    {
        if (!(frameRate > 0 && frameRate <= 1000))
        {
            throw new ArgumentOutOfRangeException(nameof(frameRate), frameRate, "FrameRate must be above 0 and at most 1000 frames per second.");
        }
    }

    internal static void CheckBitrate(int value) => Check(value, 10_000, 1_000_000_000, nameof(TargetBitrate));

    private static void Check(double value, double min, double max, string name)
    {
        if (!(value >= min && value <= max))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be from {min} to {max}.");
        }
    }
}
