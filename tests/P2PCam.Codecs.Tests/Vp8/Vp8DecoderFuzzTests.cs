using System.Diagnostics;
using P2PCam.Codecs.Vp8;
using P2PCam.TestKit;

namespace P2PCam.Codecs.Tests.Vp8;

/// <summary>
/// Mutation fuzzing on the conformance streams. A round is a seed: some frames of a stream, damaged, lost, repeated or out of order, go to a decoder that
/// has lived through all rounds before and to a new one. Both must give the same results and the same pixels (a read from where nothing was written would
/// make them differ), and the key frame after the damage must decode as if nothing had been. Shortly in normal runs; with ./test.sh --soak for an hour, or
/// P2PCAM_FUZZ_MINUTES. P2PCAM_FUZZ_SEED starts at another round. Progress goes to artifacts/fuzz-vp8.log.
/// </summary>
public class Vp8DecoderFuzzTests
{
    private const int MaxSide = 1024;

    // Four pictures with borders, mode and token state, and the picture handed out: 6 x 1.5 bytes per pixel are more than all of them.
    private const long MaxAllocated = MaxSide * MaxSide * 9;

    // A round takes some milliseconds; this is for machines that do something else meanwhile.
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(60);

    private readonly Dictionary<Vp8DecodeResult, long> _results = [];
    private readonly Vp8Decoder _old = new(Options);

    private static Vp8DecoderOptions Options => new() { MaxWidth = MaxSide, MaxHeight = MaxSide };

    private static bool Soak => Environment.GetEnvironmentVariable("P2PCAM_SOAK") == "1";

    [VectorsFact]
    public void Decode_MutatedVectors_StaysWithinBoundsAndRecovers()
    {
        // Number 8 is large: a whole soak with it would be a tenth of the rounds, so that only its key frame gives parts to others.
        var streams = Vectors.Numbers.Where(number => number != 8).Select(Vectors.Frames).ToArray();
        List<byte[]> donors = [.. streams.SelectMany(frames => frames.Take(8)), Vectors.Frames(8)[0]];
        var seed = Number("P2PCAM_FUZZ_SEED", 1);
        var time = Soak ? TimeSpan.FromMinutes(Number("P2PCAM_FUZZ_MINUTES", 60)) : TimeSpan.Zero;
        using var log = Soak ? new StreamWriter(Path.Combine(Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts")).FullName, "fuzz-vp8.log"), append: true) { AutoFlush = true } : null;
        log?.WriteLine($"{DateTime.UtcNow:u} from seed {seed} for {time}");
        var (clock, said) = (Stopwatch.StartNew(), TimeSpan.Zero);
        var (rounds, memory) = (0, 0L);
        for (; Soak ? clock.Elapsed < time : rounds < 150; rounds++, seed++)
        {
            Round(seed, streams[seed % streams.Length], donors);
            if (rounds % 2_000 == 0)
            {
                var now = GC.GetTotalMemory(forceFullCollection: true);
                memory = memory == 0 ? now : memory;
                Assert.True(now < memory + (64 << 20), $"Memory grew from {memory} to {now} bytes by seed {seed}.");
            }

            // The seed before anything that would end the process.
            if (clock.Elapsed - said > TimeSpan.FromSeconds(15))
            {
                said = clock.Elapsed;
                log?.WriteLine($"{DateTime.UtcNow:u} seed {seed}, {rounds} rounds, {GC.GetTotalMemory(false) >> 20} MB, {Counts}");
            }
        }

        log?.WriteLine($"{DateTime.UtcNow:u} done: {rounds} rounds, last seed {seed - 1}, {Counts}");

        // Damage that nothing notices, and such that ends the decoding at different places.
        Assert.All([Vp8DecodeResult.Ok, Vp8DecodeResult.Truncated, Vp8DecodeResult.NotAKeyFrame], result => Assert.True(_results.GetValueOrDefault(result) > rounds / 4, Counts));
        Assert.All([Vp8DecodeResult.Corrupt, Vp8DecodeResult.UnsupportedSize, Vp8DecodeResult.UnsupportedProfile], result => Assert.True(_results.GetValueOrDefault(result) > 0, Counts));
    }

    private string Counts => string.Join(", ", _results.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}"));

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : otherwise;

    private void Round(int seed, List<byte[]> frames, List<byte[]> donors)
    {
        // An endless loop would say nothing; this ends the process, with the seed.
        using var hang = new Timer(_ => Environment.FailFast($"The VP8 decoder hangs with seed {seed}."), null, Generous * 5, Timeout.InfiniteTimeSpan);
        try
        {
            var clock = Stopwatch.StartNew();
            Damage(new Random(seed), frames, donors);
            Recover(frames[0]);
            Assert.True(clock.Elapsed < Generous, $"A round took {clock.Elapsed}.");
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"Seed {seed}: {e.Message}", e);
        }
    }

    private void Damage(Random random, List<byte[]> frames, List<byte[]> donors)
    {
        var mutator = new StreamMutator(random, donors);
        using var young = new Vp8Decoder(Options);
        Both(young, frames[0]);
        var start = random.Next(2) == 0 ? 1 : random.Next(frames.Count);
        for (var i = start; i < Math.Min(start + 10, frames.Count); i++)
        {
            var frame = random.Next(16) switch
            {
                0 => [],
                1 => frames[random.Next(frames.Count)],
                2 => mutator.Mutate(frames[0]),
                < 6 => frames[i],
                _ => mutator.Mutate(frames[i]),
            };
            if (Both(young, frame) != Vp8DecodeResult.Ok && random.Next(4) != 0)
            {
                Both(young, frames[0]);
            }
        }
    }

    private Vp8DecodeResult Both(Vp8Decoder young, ReadOnlySpan<byte> frame)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var result = _old.Decode(frame, default, out var picture);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        using var shown = picture;
        Assert.True(allocated < MaxAllocated, $"One frame allocated {allocated} bytes.");
        Assert.True(result == Vp8DecodeResult.Ok || picture is null, "A picture came with an error.");
        Assert.Equal(result, young.Decode(frame, default, out var second));
        using var also = second;
        Assert.Equal(shown is null, also is null);
        if (shown is not null)
        {
            Assert.Equal((shown.Width, shown.Height), (also!.Width, also.Height));
            for (var plane = 0; plane < 3; plane++)
            {
                Assert.True(shown.GetPlane(plane).SequenceEqual(also.GetPlane(plane)), $"Plane {plane} depends on what was decoded before the last key frame.");
            }
        }

        _results[result] = _results.GetValueOrDefault(result) + 1;
        return result;
    }

    private void Recover(byte[] keyFrame)
    {
        using var young = new Vp8Decoder(Options);
        Assert.Equal(Vp8DecodeResult.Ok, Both(young, keyFrame));
    }
}
