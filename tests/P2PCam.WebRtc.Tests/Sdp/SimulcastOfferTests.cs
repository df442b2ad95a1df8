using P2PCam.WebRtc.Sdp;

namespace P2PCam.WebRtc.Tests.Sdp;

public class SimulcastOfferTests
{
    private const string Rid = "a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\n";

    private readonly string _offer = OfferBuilder.Build(SdpSamples.Vp8, SdpSamples.Local, weSend: true).ReplaceLineEndings("\n");

    [Theory]
    [InlineData("a=rid:q send\na=rid:h send\na=rid:f send\na=simulcast:send q;h;f\n", "q;h;f")]
    [InlineData("a=rid:1 send pt=96;max-width=640\na=rid:2 send\na=simulcast: send ~1;2\n", "1;2")]
    [InlineData("a=rid:q send\na=rid:h recv\na=simulcast:send q;h recv h\n", "q")]
    [InlineData("a=rid:q send\na=rid:h send\na=simulcast:recv x send q,h\n", "q")]
    [InlineData("a=rid:1 send\na=rid:2 send\na=rid:3 send\na=rid:4 send\na=rid:5 send\na=simulcast:send 1;2;3;4;5\n", "1;2;3;4")]
    [InlineData("a=rid:q send\na=simulcast:send q;q;;,;~\n", "q")]
    [InlineData("a=rid:q send\na=simulcast:send\n", "")]
    [InlineData("a=rid:q send\na=rid:h send\na=simulcast:send q; h\n", "q;h")]
    [InlineData("a=rid:q send\na=rid:h send\na=simulcast:send q ;\th recv x\n", "q;h")]
    [InlineData("a=rid:q SEND\na=rid:h Send\na=simulcast:Send q;h Recv x\n", "q;h")]
    [InlineData("a=rid:Q send\na=rid:q send\na=simulcast:send Q;q\n", "Q;q")]
    [InlineData("a=rid:q recv\na=simulcast:send q\n", "")]
    [InlineData("a=rid:a!b send\na=simulcast:send a!b\n", "")]
    [InlineData("a=rid:q send\n", "")]
    public void Layers_ThatCanBeTaken_AreAnswered(string lines, string expected)
    {
        Assert.True(OfferAnalysis.TryAnalyze(SdpSamples.Parse(_offer + Rid + lines), SdpSamples.Vp8, out var analysis, out var error, weSend: false), error.ToString());
        Assert.Equal(expected, string.Join(';', analysis!.Video.Rids));
        var answer = AnswerBuilder.Build(analysis, SdpSamples.Local with { Ssrc = null });

        Assert.Equal(expected.Length > 0, answer.Contains($"a=simulcast:recv {expected}\r\n", StringComparison.Ordinal));
        Assert.All(analysis.Video.Rids, rid => Assert.Contains($"a=rid:{rid} recv\r\n", answer, StringComparison.Ordinal));
        Assert.Contains("a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void MutatedOffers_GiveAnAnswerOrAReason()
    {
        var random = new Random(9);
        var seed = _offer + Rid + "a=rid:q send\na=rid:h send\na=simulcast:send q,h;~h recv q\n";
        var taken = 0;
        for (var i = 0; i < 5000; i++)
        {
            var text = new System.Text.StringBuilder(seed);
            for (var changes = random.Next(1, 8); changes > 0; changes--)
            {
                text[random.Next(text.Length)] = random.Next(4) == 0 ? (char)random.Next(1, 256) : seed[random.Next(seed.Length)];
            }

            if (SessionDescription.TryParse(text.ToString(), out var description, out _)
                && OfferAnalysis.TryAnalyze(description, SdpSamples.Vp8, out var analysis, out _, weSend: false))
            {
                Assert.InRange(analysis!.Video.Rids.Count, 0, 4);
                Assert.NotEmpty(AnswerBuilder.Build(analysis, SdpSamples.Local));
                taken++;
            }
        }

        Assert.InRange(taken, 1, 4999);
    }

    [Fact]
    public void WithoutTheHeaderExtension_OneStreamIsTaken()
    {
        var offer = _offer + "a=rid:q send\na=rid:h send\na=simulcast:send q;h\n";
        Assert.True(OfferAnalysis.TryAnalyze(SdpSamples.Parse(offer), SdpSamples.Vp8, out var analysis, out _, weSend: false));

        Assert.Empty(analysis!.Video.Rids);
        Assert.DoesNotContain("simulcast", AnswerBuilder.Build(analysis, SdpSamples.Local), StringComparison.Ordinal);
    }
}
