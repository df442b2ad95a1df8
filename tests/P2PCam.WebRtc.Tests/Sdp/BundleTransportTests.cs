using P2PCam.WebRtc.Sdp;
using static P2PCam.WebRtc.Tests.Sdp.BundleOffers;

namespace P2PCam.WebRtc.Tests.Sdp;

/// <summary>What the tagged media says of the transport holds for the bundle: the categories IDENTICAL and TRANSPORT (RFC 8859, RFC 9143 section 7.1.3).</summary>
public class BundleTransportTests
{
    [Theory]
    [InlineData("a=rtcp-mux\n", "")]
    [InlineData("a=rtcp-mux\n", "a=rtcp-mux-only\n")]
    [InlineData("a=rtcp-mux\n", "a=rtcp-mux\na=rtcp-mux-only\n")]
    [InlineData("a=setup:actpass\n", "a=setup:passive\n")]
    [InlineData("a=rtcp-rsize\n", "")]
    [InlineData("a=rtcp-rsize\n", "a=rtcp-rsize\na=ice-options:trickle ice2\n")]
    [InlineData("a=rtcp-rsize\n", "a=rtcp-rsize\na=end-of-candidates\n")]
    public void EachAttribute_OfTheTaggedMedia_HoldsForTheVideo(string replaced, string by)
    {
        Assert.Contains(replaced, Transport, StringComparison.Ordinal);
        var transport = Transport.Replace(replaced, by, StringComparison.Ordinal);
        var offer = SdpSamples.Parse(Session("BUNDLE a v") + Audio("a", transport: transport) + BundleOnly("v"));
        var taken = OfferAnalysis.TryAnalyze(offer, SdpSamples.Vp8, out var analysis, out var error);
        if (by.Length == 0 && replaced.Contains("mux", StringComparison.Ordinal))
        {
            Assert.Equal((false, NegotiationErrorCode.NoRtcpMux), (taken, error.Code));
            return;
        }

        Assert.True(taken, error.ToString());
        var video = analysis!.Video;
        Assert.Equal(("Qs2F", "m1xk0JtWq3aYd8S5rVnE7bLc"), (video.RemoteIceUfrag, video.RemoteIcePassword));
        Assert.Single(video.RemoteFingerprints);
        Assert.Single(video.RemoteCandidates);
        Assert.Equal(transport.Contains("setup:passive", StringComparison.Ordinal), video.IsDtlsClient);
        Assert.Equal(transport.Contains("rtcp-rsize", StringComparison.Ordinal), video.HasReducedSizeRtcp);
        Assert.Equal(transport.Contains("trickle", StringComparison.Ordinal), video.HasRemoteTrickle);
        Assert.Equal(transport.Contains("end-of", StringComparison.Ordinal), video.HasRemoteEndOfCandidates);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Transport_AtSessionLevelOrMediaLevelOrBoth_IsTheSame(bool atSession, bool atMedia)
    {
        var general = Transport.Replace("a=candidate:1 1 udp 1 192.0.2.9 9 typ host\n", "", StringComparison.Ordinal);
        var offer = Session("BUNDLE a v") + (atSession ? general : "") + Audio("a", transport: atMedia ? Transport : "") + BundleOnly("v");
        var (analysis, _, _) = BundleOffers.Answer(offer);
        Assert.Equal(("Qs2F", true, false), (analysis.Video.RemoteIceUfrag, analysis.Video.HasReducedSizeRtcp, analysis.Video.IsDtlsClient));
        Assert.Single(analysis.Video.RemoteFingerprints);
    }

    [Fact]
    public void ExtensionsAndEndOfCandidates_AtSessionLevel_HoldForEachMedia()
    {
        var (analysis, _, text) = BundleOffers.Answer(
            Session("BUNDLE v") + "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\na=end-of-candidates\na=extmap-allow-mixed\n" + Video("v"));
        Assert.Equal(4, analysis.Video.Extensions.Mid);
        Assert.True(analysis.Video.HasRemoteEndOfCandidates);
        Assert.Contains("a=extmap:4 ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void IceLite_UnderAMedia_IsTheSessions() =>
        Assert.True(BundleOffers.Answer(Session("BUNDLE v") + Video("v", transport: Transport + "a=ice-lite\n")).Analysis.Video.IsRemoteIceLite);

    // An answer's media may lean on the first of its group as well.
    [Fact]
    public void Answer_WhoseVideoLeansOnItsGroup_IsTaken()
    {
        const string Offered = "m=audio 9 UDP/TLS/RTP/SAVPF 111\na=mid:a\nm=video 9 UDP/TLS/RTP/SAVPF 96 97\na=mid:v\n" + Vp8;
        var answer = (Session("BUNDLE a v") + Audio("a") + Video("v", transport: "")).Replace("actpass", "passive", StringComparison.Ordinal).Replace("a=recvonly", "a=sendonly", StringComparison.Ordinal);
        Assert.True(AnswerAnalysis.TryAnalyze(SdpSamples.Parse(Session("BUNDLE a v") + Offered), SdpSamples.Parse(answer), SdpSamples.Vp8, out var video, out var error), error.ToString());
        Assert.Equal(("Qs2F", true), (video!.RemoteIceUfrag, video.IsDtlsClient));
    }

    [Theory]
    [InlineData("a=mid:v\n", "", true)]
    [InlineData("a=mid:v\n", "a=mid:w\n", false)]
    public void AnswerOfOneMedia_IsKnownByItsPlace_WhereItHasNoName(string replaced, string by, bool taken)
    {
        const string Offered = "m=video 9 UDP/TLS/RTP/SAVPF 96 97\na=mid:v\n" + Vp8;
        var answer = (Session() + Video("v")).Replace("actpass", "active", StringComparison.Ordinal).Replace("a=recvonly", "a=sendonly", StringComparison.Ordinal).Replace(replaced, by, StringComparison.Ordinal);
        Assert.Equal(taken, AnswerAnalysis.TryAnalyze(SdpSamples.Parse(Session("BUNDLE v") + Offered), SdpSamples.Parse(answer), SdpSamples.Vp8, out _, out _));
    }
}
