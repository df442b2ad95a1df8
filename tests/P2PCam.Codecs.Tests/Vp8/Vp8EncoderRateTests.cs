using P2PCam.Codecs.Vp8;
using P2PCam.TestKit;
using Xunit.Abstractions;
using static P2PCam.Codecs.Tests.Vp8.Clips;

namespace P2PCam.Codecs.Tests.Vp8;

/// <summary>Slow without SIMD, which changes no bit of what is tested here.</summary>
[Trait("Category", "Slow")]
public class Vp8EncoderRateTests(ITestOutputHelper output)
{
    private const int Width = 320;
    private const int Height = 240;
    private const int Pictures = 136;

    private static readonly Lazy<byte[][]> Moving = new(() => Paint(Content.Moving));
    private static readonly Lazy<byte[][]> Cuts = new(() => Paint(Content.SceneCuts));

    private static bool Soak => Environment.GetEnvironmentVariable("P2PCAM_SOAK") == "1";

    [ToolFact("ffmpeg")]
    public void Encode_TestPattern_HoldsTheTargetInEveryThreeSeconds()
    {
        var clip = Footage.TestPattern(Width, Height);
        Assert.All((int[])[300_000, 1_000_000, 4_000_000], target => Holds(target, clip.Frame));
    }

    [FootageFact]
    public void Encode_RealFootage_HoldsTheTargetInEveryThreeSeconds()
    {
        var small = Footage.Street(Width, Height);
        Assert.All((int[])[300_000, 600_000], target => Holds(target, small.Frame));
        var large = Footage.Street(640, 480);
        Assert.All((int[])[1_500_000, 4_000_000], target => Holds(target, large.Frame, 640, 480));
    }

    [FootageFact]
    public void Encode_ForcedKeyFrames_HoldsTheTargetInEveryThreeSeconds()
    {
        var clip = Footage.Street(Width, Height);
        foreach (var target in (int[])[300_000, 700_000])
        {
            Holds(target, clip.Frame, forceKeyFrame: index => index is 110 or 170 or 230);
        }
    }

    [Theory]
    [InlineData(300_000)]
    [InlineData(1_500_000)]
    public void Encode_SceneCuts_HoldsTheTargetInEveryThreeSeconds(int target) => Holds(target, index => Copy(Cuts.Value[index % 133], index));

    [Theory]
    [InlineData(500_000, 15, 1)]
    [InlineData(1_000_000, 30, 2)]
    [InlineData(1_000_000, 30, 3)]
    [InlineData(1_500_000, 10, 2)]
    [InlineData(1_500_000, 15, 3)]
    public void Encode_SceneCutsAtOtherFrameRatesAndInLayers_HoldsTheTargetInEveryThreeSeconds(int target, int frameRate, int layers) =>
        Holds(target, index => Copy(Cuts.Value[index % 133], index, frameRate), frameRate: frameRate, layers: layers);

    [FootageFact]
    public void Encode_StreetAndTestPatternInTurns_HoldsTheTargetInEveryThreeSeconds()
    {
        var (street, pattern) = (Footage.Street(Width, Height), Footage.TestPattern(Width, Height));
        foreach (var (target, frameRate, layers) in ((int, int, int)[])[(300_000, 30, 1), (500_000, 15, 1), (500_000, 15, 2), (1_000_000, 10, 3)])
        {
            Holds(target, index => (index / 25 % 2 == 0 ? street : pattern).Frame(index, frameRate), frameRate: frameRate, layers: layers);
        }
    }

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(4_000_000)]
    public void Encode_NoiseThatTurnsOnAndOff_HoldsTheTargetInEveryThreeSeconds(int target) => Holds(target, Noisy);

    [Theory]
    [InlineData(500_000)]
    [InlineData(800_000)]
    public void Encode_EveryPictureTwice_HoldsTheTargetInEveryThreeSeconds(int target) => Holds(target, index => Copy(Moving.Value[Swing(index / 2)], index));

    [Theory]
    [InlineData(300_000)]
    [InlineData(1_000_000)]
    public void Encode_EveryPictureTwiceAtFifteenFrames_HoldsTheTargetInEveryThreeSeconds(int target) =>
        Holds(target, index => Copy(Moving.Value[Swing(index / 2)], index, 15), frameRate: 15);

    [Theory]
    [InlineData(300_000, 1)]
    [InlineData(300_000, 3)]
    [InlineData(1_000_000, 1)]
    [InlineData(1_000_000, 3)]
    public void Encode_MotionAfterRest_DoesNotSpendWhatRestSaved(int target, int layers) =>
        Holds(target, index => Copy(Moving.Value[index is > 60 and < 150 or > 210 ? Swing(index) : 0], index), layers: layers);

    /// <summary>A page that stands until another comes: the buffer says how much that may take, and how long the channel then needs.</summary>
    [Fact]
    public void BufferSize_APictureThatIsNew_MayTakeThatMuch()
    {
        var (live, screen) = (Run(TimeSpan.FromMilliseconds(150)), Run(TimeSpan.FromSeconds(1)));
        output.WriteLine($"150 ms: {live.Largest:F1} average frames, {live.Behind:F2} s behind, {live.Sharpness:F1} dB; 1 s: {screen.Largest:F1}, {screen.Behind:F2} s, {screen.Sharpness:F1} dB");
        Assert.InRange(live.Largest, 2, 13);
        Assert.InRange(live.Behind, 0, 0.45);
        Assert.InRange(screen.Largest, live.Largest * 1.5, 37);
        Assert.InRange(screen.Behind, live.Behind, 1.25);
        Assert.True(screen.Sharpness > live.Sharpness + 1);

        // Of the second page: the largest frame, the longest that the channel is behind the encoder, and how sharp it is at first.
        static (double Largest, double Behind, double Sharpness) Run(TimeSpan buffer)
        {
            const int Target = 300_000;
            using var encoder = new Vp8Encoder(new Vp8EncoderOptions { Width = Width, Height = Height, TargetBitrate = Target, BufferSize = buffer, DropFrames = false });
            var meter = new RateMeter(encoder, 4);
            var (largest, behind, longest, sharpness) = (0.0, 0.0, 0.0, 0.0);
            for (var index = 0; index < 210; index++)
            {
                var page = Cuts.Value[index < 150 ? 0 : 70];
                var bits = meter.Encode(Copy(page, index)).BytesWritten * 8.0;
                behind = Math.Max(0, behind - (1 / 30.0)) + (bits / Target);
                if (index < 150)
                {
                    continue;
                }

                longest = Math.Max(longest, behind);
                largest = Math.Max(largest, bits * 30 / Target);
                sharpness = index == 150 ? Psnr(page, Pixels(encoder.Reconstruction, Width, Height), Width * Height) : sharpness;
            }

            return (largest, longest, sharpness);
        }
    }

    /// <summary>All of it at all frame rates and layers: with ./test.sh --soak.</summary>
    [Fact]
    public void Encode_AllScripts_HoldTheTargetInEveryThreeSeconds()
    {
        Func<int, byte[]>[] scripts =
        [
            index => Cuts.Value[index % 133], index => Moving.Value[Swing(index / 2)], index => Moving.Value[index is > 60 and < 150 or > 210 ? Swing(index) : 0],
        ];
        int[] targets = Soak ? [300_000, 500_000, 1_000_000, 1_500_000, 4_000_000] : [1_500_000];
        int[] frameRates = Soak ? [10, 15, 30] : [30];
        int[] layerCounts = Soak ? [1, 2, 3] : [2];
        Assert.All(
            from s in scripts from t in targets from f in frameRates from l in layerCounts select (Script: s, Target: t, FrameRate: f, Layers: l),
            run => Holds(run.Target, index => Copy(run.Script(index), index, run.FrameRate), frameRate: run.FrameRate, layers: run.Layers));
    }

    [Fact]
    public void Encode_FramesAtHalfTheRateExpected_GetTwiceTheBits()
    {
        using var encoder = new Vp8Encoder(new Vp8EncoderOptions { Width = Width, Height = Height, FrameRate = 30, TargetBitrate = 600_000 });
        var meter = new RateMeter(encoder, 4);
        for (var index = 0; index < 150; index++)
        {
            meter.Encode(Copy(Moving.Value[Swing(index)], index * 2));
        }

        Assert.InRange(meter.Rate(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(6)), 600_000 * 0.95, 600_000 * 1.05);
    }

    [Theory]
    [InlineData(1_200_000, 300_000)]
    [InlineData(300_000, 1_200_000)]
    [InlineData(800_000, 600_000)]
    public void SetTargetBitrate_AnyWay_IsFollowedWithin300Milliseconds(int before, int after)
    {
        using var encoder = new Vp8Encoder(new Vp8EncoderOptions { Width = Width, Height = Height, TargetBitrate = before });
        var meter = new RateMeter(encoder, 4);
        for (var index = 0; index < 180; index++)
        {
            if (index == 120)
            {
                encoder.SetTargetBitrate(after);
            }

            meter.Encode(Copy(Moving.Value[Swing(index)], index));
        }

        // Each third of a second from 300 ms on, and what comes in the first 300 ms is no burst.
        var change = TimeSpan.FromSeconds(4);
        Assert.InRange(meter.Rate(change, TimeSpan.FromMilliseconds(300)), after * 0.5, after * 1.5);
        for (var start = 300; start <= 1500; start += 100)
        {
            var rate = meter.Rate(change + TimeSpan.FromMilliseconds(start), TimeSpan.FromMilliseconds(300));
            Assert.True(rate > after * 0.8 && rate < after * 1.2, $"{rate:F0} bit/s {start} ms after the change to {after}");
        }
    }

    [FootageFact]
    public void Encode_KeyFrame_TakesAtMostItsShareAndIsSharpSoonAfter()
    {
        const int Target = 1_500_000;
        var clip = Footage.Street(640, 480);
        using var encoder = new Vp8Encoder(new Vp8EncoderOptions { Width = 640, Height = 480, TargetBitrate = Target });
        var meter = new RateMeter(encoder, 4);
        var before = 0.0;
        for (var index = 0; index < 130; index++)
        {
            var result = meter.Encode(clip.Frame(index), forceKeyFrame: index == 120);
            if (result.IsKeyFrame)
            {
                output.WriteLine($"Key frame {index}: {result.BytesWritten * 8 * 30.0 / Target:F2} average frames, {Sharpness(index):F1} dB");
                Assert.InRange(result.BytesWritten * 8 * 30.0 / Target, 0, 6);
            }

            before = index == 119 ? Sharpness(index) : before;
        }

        // 300 ms are nine frames.
        output.WriteLine($"Before {before:F1} dB, 300 ms after {Sharpness(129):F1} dB");
        Assert.InRange(Sharpness(129), before - 3, 99);
        Assert.InRange(Sharpness(129), 36, 99);

        double Sharpness(int index)
        {
            using var frame = clip.Frame(index);
            return Psnr(frame.GetPlane(0), Pixels(encoder.Reconstruction, 640, 480), 640 * 480);
        }
    }

    private void Holds(
        int target,
        Func<int, VideoFrame> clip,
        int width = Width,
        int height = Height,
        Func<int, bool>? forceKeyFrame = null,
        int frameRate = 30,
        int layers = 1)
    {
        using var encoder = new Vp8Encoder(new Vp8EncoderOptions { Width = width, Height = height, TargetBitrate = target, FrameRate = frameRate, TemporalLayers = layers });
        var meter = new RateMeter(encoder, 4);
        for (var index = 0; index < 9 * frameRate; index++)
        {
            meter.Encode(clip(index), forceKeyFrame?.Invoke(index) ?? false);
        }

        var (least, most) = meter.WorstDeviation(target);
        var late = meter.Results.Skip(3 * frameRate);
        output.WriteLine($"{target / 1000} kbit/s, {frameRate} a second, {layers} layers: {least:P1} to {most:P1}, {meter.Results.Count(result => result.Dropped)} dropped, quantizers {late.Min(r => r.Quantizer)} to {late.Max(r => r.Quantizer)}");
        Assert.True(least >= -0.05 && most <= 0.05, $"At {target} bit/s, {frameRate} a second, {layers} layers: {least:P1} to {most:P1}");
    }

    private static VideoFrame Noisy(int index)
    {
        var frame = Copy(Moving.Value[Swing(index)], index, 30, out var pixels);
        if (index / 30 % 2 == 1)
        {
            var random = new Random(index);
            foreach (ref var pixel in pixels[..(Width * Height)])
            {
                pixel = (byte)Math.Clamp(pixel + random.Next(-8, 9), 0, 255);
            }
        }

        return frame;
    }

    // To and fro through all pictures.
    private static int Swing(int index) => index / (Pictures - 1) % 2 == 0 ? index % (Pictures - 1) : Pictures - 1 - (index % (Pictures - 1));

    private static VideoFrame Copy(byte[] picture, int index, int frameRate = 30) => Copy(picture, index, frameRate, out _);

    private static VideoFrame Copy(byte[] picture, int index, int frameRate, out Span<byte> pixels)
    {
        var frame = VideoFrame.Rent(Width, Height, PixelFormat.I420, TimeSpan.FromSeconds((double)index / frameRate), out var memory);
        picture.CopyTo(memory);
        pixels = memory.Span;
        return frame;
    }

    private static byte[][] Paint(Content content)
    {
        var pictures = new byte[Pictures][];
        for (var index = 0; index < pictures.Length; index++)
        {
            using var frame = Make(content, Width, Height, index);
            pictures[index] = [.. frame.GetPlane(0), .. frame.GetPlane(1), .. frame.GetPlane(2)];
        }

        return pictures;
    }
}
