using P2PCam.TestKit;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Sdp;

namespace P2PCam.WebRtc.Tests.Sdp;

/// <summary>
/// One rule for the profiles of H.264, whichever way the media go: what viewers can decode is passed on, and a refusal names the profile.
/// </summary>
public class H264ProfileTests
{
    [Theory]
    [InlineData("4d0029")] // main
    [InlineData("4D001F")]
    [InlineData("64001f")] // high
    [InlineData("640028")]
    [InlineData("640c1f")] // constrained high
    [InlineData("64081f")]
    [InlineData("42e034")]
    [InlineData("420c1f")] // bits that are not of the tables
    public void OnlyProfile_IsTakenBothWays_AndAnsweredAsItIs(string profile)
    {
        foreach (var weSend in (bool[])[true, false])
        {
            var parameters = $"level-asymmetry-allowed=1;packetization-mode=1;profile-level-id={profile}";
            Assert.True(OfferAnalysis.TryAnalyze(Offer(weSend, parameters), [H264CodecRule.Instance], out var analysis, out var error, weSend), error.ToString());
            Assert.EndsWith($"profile-level-id={profile.ToLowerInvariant()}", analysis!.Video.Codec.FormatParameters, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("packetization-mode=1;profile-level-id=6e0029", "High 10 (profile-level-id=6e0029)")]
    [InlineData("packetization-mode=1;profile-level-id=7a0029", "High 4:2:2")]
    [InlineData("packetization-mode=1;profile-level-id=f4001f", "High 4:4:4 Predictive")]
    [InlineData("packetization-mode=1;profile-level-id=58001f", "Extended")]
    [InlineData("packetization-mode=1;profile-level-id=99001f", "number 153")]
    [InlineData("packetization-mode=2;profile-level-id=42e01f", "packetization-mode=2")]
    [InlineData("packetization-mode=1;profile-level-id=42e0zz", "42e01f")]
    [InlineData("packetization-mode=1;profile-level-id=42e0", "three bytes in hex")]
    public void ProfileThatNobodyPlays_IsRefusedByItsName(string parameters, string words)
    {
        foreach (var weSend in (bool[])[true, false])
        {
            Assert.False(OfferAnalysis.TryAnalyze(Offer(weSend, parameters), [Vp8CodecRule.Instance, H264CodecRule.Instance], out _, out var error, weSend));
            Assert.Equal(NegotiationErrorCode.NoCommonCodec, error.Code);
            Assert.Contains(words, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void SingleNalUnitMode_CanBeTaken_AndIsNamedWhereItCannotBeSent()
    {
        const string Parameters = "packetization-mode=0;profile-level-id=64001f";
        Assert.True(OfferAnalysis.TryAnalyze(Offer(false, Parameters), [H264CodecRule.Instance], out var analysis, out _, weSend: false));
        Assert.Contains("packetization-mode=0", analysis!.Video.Codec.FormatParameters, StringComparison.Ordinal);
        Assert.False(OfferAnalysis.TryAnalyze(Offer(true, Parameters), [H264CodecRule.Instance], out _, out var error));
        Assert.Contains("packetization-mode=0; 1 can", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("64001f")]
    [InlineData("42e01f")]
    public void ParameterSetsOfASender_AreHandedOn_AndNotAnswered(string profile)
    {
        var parameters = $"packetization-mode=1; profile-level-id={profile}; sprop-parameter-sets=Z0IAKeKQ,aM48gA==";
        foreach (var weSend in (bool[])[true, false])
        {
            Assert.True(OfferAnalysis.TryAnalyze(Offer(weSend, parameters), [H264CodecRule.Instance], out var analysis, out _, weSend));
            Assert.Equal(weSend ? null : "Z0IAKeKQ,aM48gA==", analysis!.Video.Formats[0].ParameterSets);
            Assert.DoesNotContain("sprop", analysis.Video.Codec.FormatParameters, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("VP9", "profile-id=2", "VP9 is offered with profile-id=2; 0 can.")]
    [InlineData("AV1", "profile=1", "AV1 is offered with profile=1; 0 can.")]
    public void OtherCodecsProfiles_AreNamedAsWell(string name, string parameters, string words)
    {
        var rules = VideoCodecRules.For([RtpVideoCodec.Vp9, RtpVideoCodec.Av1]);
        Assert.False(OfferAnalysis.TryAnalyze(Offer(true, parameters, name), rules, out _, out var error));
        Assert.EndsWith(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CodecThatWasNotOffered_IsNotTalkedAbout()
    {
        Assert.False(OfferAnalysis.TryAnalyze(Offer(true, "x=1", "H265"), [Vp8CodecRule.Instance, H264CodecRule.Instance], out _, out var error));
        Assert.Equal("None of the offered codecs can be sent; VP8, H264 can.", error.Message);
    }

    [CasesTheory]
    [InlineData("offer-whip-h-264-only-as-4d0029.sdp", false)]
    [InlineData("offer-whip-h-264-only-as-640028.sdp", false)]
    [InlineData("offer-whip-h-264-only-as-640c1f.sdp", false)]
    [InlineData("offer-whep-h-264-only-as-640028-to-watch.sdp", true)]
    public void OfferFromTheField_IsTaken(string file, bool weSend)
    {
        var offer = SdpSamples.Parse(File.ReadAllText(Repository.Case($"sdp/{file}")));
        var rules = VideoCodecRules.For([RtpVideoCodec.Vp8, RtpVideoCodec.H264]);
        Assert.True(OfferAnalysis.TryAnalyze(offer, rules, out var analysis, out var error, weSend), error.ToString());
        Assert.Equal(RtpVideoCodec.H264, analysis!.Video.Codec.Codec);
    }

    [Theory]
    [InlineData(0x42, 0xE0, "Constrained Baseline")]
    [InlineData(0x4D, 0x80, "Constrained Baseline")]
    [InlineData(0x58, 0xC0, "Constrained Baseline")]
    [InlineData(0x42, 0x00, "Baseline")]
    [InlineData(0x4D, 0x00, "Main")]
    [InlineData(0x64, 0x0C, "Constrained High")]
    [InlineData(0x64, 0x00, "High")]
    public void NameOf_ByProfileAndConstraints(byte profile, byte constraints, string name) => Assert.Equal(name, H264Profiles.NameOf(profile, constraints));

    private static SessionDescription Offer(bool weSend, string parameters, string name = "H264") => SdpSamples.Parse($"""
        v=0
        o=- 42 2 IN IP4 127.0.0.1
        s=-
        t=0 0
        a=group:BUNDLE 0
        m=video 9 UDP/TLS/RTP/SAVPF 96
        c=IN IP4 0.0.0.0
        a=ice-ufrag:aB3d
        a=ice-pwd:abcdefghijklmnopqrstuv12
        a=fingerprint:sha-256 00:07:0E:15:1C:23:2A:31:38:3F:46:4D:54:5B:62:69:70:77:7E:85:8C:93:9A:A1:A8:AF:B6:BD:C4:CB:D2:D9
        a=setup:actpass
        a=mid:0
        a={(weSend ? "recvonly" : "sendonly")}
        a=rtcp-mux
        a=rtpmap:96 {name}/90000
        a=fmtp:96 {parameters}
        """);
}
