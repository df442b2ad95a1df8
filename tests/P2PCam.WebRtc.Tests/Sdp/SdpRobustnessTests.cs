using P2PCam.TestKit;
using P2PCam.WebRtc.Sdp;

namespace P2PCam.WebRtc.Tests.Sdp;

public class SdpRobustnessTests
{
    private static readonly IVideoCodecRule[] Rules = [Vp8CodecRule.Instance, H264CodecRule.Instance];

    [VectorsFact]
    public void EveryDescriptionOfOthers_GivesAnAnswerOrAReason()
    {
        var outcomes = SdpSamples.AllFiles().Select(file => SdpSamples.Describe(File.ReadAllText(file), Rules)).ToList();
        Assert.True(outcomes.Count >= 120, $"{outcomes.Count} files");
        Assert.True(outcomes.Count(outcome => outcome.StartsWith("VP8", StringComparison.Ordinal)) >= 20, string.Join('\n', outcomes));
    }

    [VectorsTheory]
    [InlineData("chromium156-offer-recvonly.sdp")]
    [InlineData("firefox153-offer-recvonly.sdp")]
    [InlineData("aiortc/safari.sdp")]
    [InlineData("safari-like")]
    public void EveryTruncation_GivesAnAnswerOrAReason(string name)
    {
        var text = SdpSamples.Read(name);
        var answered = 0;
        for (var length = 0; length < text.Length; length++)
        {
            answered += SdpSamples.Describe(text[..length], Rules).Contains("mid", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.InRange(answered, 1, text.Length - 500);
    }

    [VectorsFact]
    public void SeededMutations_GiveAnAnswerOrAReason()
    {
        var seeds = SdpSamples.AllFiles().Select(File.ReadAllText).Where(text => text.Length > 100).ToList();
        var random = new Random(20261123);
        var outcomes = new HashSet<string>();
        for (var i = 0; i < 20_000; i++)
        {
            var mutant = Mutate(seeds[random.Next(seeds.Count)], seeds[random.Next(seeds.Count)], random);
            outcomes.Add(SdpSamples.Describe(mutant, Rules).Split(' ')[0]);
        }

        // The mutations must get everywhere, or they prove nothing.
        Assert.Superset(
            new HashSet<string>
            {
                "VP8", "H264", "NotSdp", "MalformedLine", "MalformedMedia", "MalformedFingerprint",
                "NoVideo", "NoRtcpMux", "NoCommonCodec", "NoIceCredentials",
            },
            outcomes);
    }

    private static string Mutate(string text, string other, Random random)
    {
        var lines = text.Split('\n').ToList();
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            var at = random.Next(lines.Count);
            var line = lines[at];
            switch (random.Next(6))
            {
                case 0:
                    lines.RemoveAt(at);
                    break;
                case 1:
                    lines.Insert(at, lines[random.Next(lines.Count)]);
                    break;
                case 2:
                    lines[at] = line[..random.Next(line.Length + 1)];
                    break;
                case 3 when line.Length > 0:
                    var position = random.Next(line.Length);
                    var character = (char)random.Next(random.Next(2) == 0 ? 128 : 0x10000);
                    lines[at] = $"{line[..position]}{character}{line[(position + 1)..]}";
                    break;
                case 4:
                    lines[at] = line + line;
                    break;
                default:
                    var others = other.Split('\n');
                    lines.Insert(at, others[random.Next(others.Length)]);
                    break;
            }

            if (lines.Count == 0)
            {
                break;
            }
        }

        return string.Join('\n', lines);
    }
}
