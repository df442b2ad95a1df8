using P2PCam.TestKit;

namespace P2PCam.WebRtc.Tests.Stun;

/// <summary>Messages of real browsers, and what other implementations' fuzzers found.</summary>
public sealed class StunCorpusTests
{
    [VectorsFact]
    public void Messages_of_real_browsers_all_parse()
    {
        var path = Path.Combine(Repository.Vectors!, "corpus", "pion", "stun", "testdata", "frombrowsers.csv");
        var lines = File.ReadLines(path).Where(l => l.Length > 0 && l[0] is not '#').Skip(1);
        var messages = lines.Select(l => Convert.FromBase64String(l.Split(',')[1])).ToList();

        Assert.InRange(messages.Count, 10, 1000);
        Assert.All(messages, m => Assert.True(StunProbe.Use(m)));
        var chrome = File.ReadAllBytes(Path.Combine(Repository.Vectors!, "corpus", "pion", "stun", "testdata", "ex1_chrome.stun"));
        Assert.True(StunProbe.Use(chrome));
    }

    [VectorsFact]
    public void Fuzz_seeds_whole_and_cut_anywhere_are_parsed_or_refused_and_never_throw()
    {
        var seeds = Seeds();
        Assert.InRange(seeds.Count, 30, 10_000);
        Assert.Contains(seeds, s => StunProbe.Use(s));
        foreach (var seed in seeds)
        {
            for (var length = 0; length < seed.Length; length++)
            {
                Assert.False(StunProbe.Use(seed.AsSpan(0, length)) && length % 4 != 0);
            }
        }
    }

    [VectorsFact]
    public void Forty_thousand_seeded_mutations_never_throw()
    {
        var seeds = Seeds().Where(s => s.Length >= 20).ToList();
        var random = new Random(8489);
        var accepted = 0;
        for (var round = 0; round < 40_000; round++)
        {
            var bytes = (byte[])seeds[random.Next(seeds.Count)].Clone();
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                bytes[random.Next(bytes.Length)] = random.Next(4) switch { 0 => 0, 1 => 0xFF, _ => (byte)random.Next(256) };
            }

            if (random.Next(2) == 0)
            {
                // Keep the header plausible, so that the attributes get their share.
                bytes[0] &= 0x3F;
                bytes[2] = (byte)((bytes.Length - 20) >> 8);
                bytes[3] = (byte)(bytes.Length - 20);
                new byte[] { 0x21, 0x12, 0xA4, 0x42 }.CopyTo(bytes, 4);
            }

            accepted += StunProbe.Use(bytes) ? 1 : 0;
        }

        Assert.InRange(accepted, 1_000, 39_000);
    }

    private static List<byte[]> Seeds()
    {
        var webrtc = Path.Combine(Repository.Vectors!, "corpus", "webrtc", "stun-corpus");
        var pion = Path.Combine(Repository.Vectors!, "corpus", "pion", "stun", "testdata", "fuzz");
        return
        [
            .. Directory.EnumerateFiles(webrtc).Order(StringComparer.Ordinal).Select(File.ReadAllBytes),
            .. Directory.EnumerateFiles(pion, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).SelectMany(GoFuzzFile.Read),
        ];
    }
}
