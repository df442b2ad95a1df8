using P2PCam.WebRtc.Sdp;
using static P2PCam.WebRtc.Tests.Sdp.BundleOffers;

namespace P2PCam.WebRtc.Tests.Sdp;

/// <summary>Which media carries the transport of a bundle, before and after the answer (RFC 9143 section 7.3).</summary>
public class BundleTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AudioBeforeVideo_OfOneTransport_StaysFirstInTheGroup(bool keepsAudio)
    {
        foreach (var video in new[] { BundleOnly("v"), Video("v") })
        {
            var (_, answer, text) = BundleOffers.Answer(Session("BUNDLE a v") + Audio("a") + video, keepsAudio);
            Assert.Equal(["a", "v"], answer.BundleGroup!.Mids);
            Assert.Equal([9, 9], answer.Media.Select(media => media.Port));
            Assert.Equal([SdpDirection.Inactive, SdpDirection.SendOnly], answer.Media.Select(media => media.Direction));
            Assert.Contains("a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AudioBeforeVideo_OfAPublisher_IsTakenAndThrownAway()
    {
        var offer = (Session("BUNDLE a v") + Audio("a") + BundleOnly("v")).Replace("a=recvonly", "a=sendonly", StringComparison.Ordinal);
        var (_, answer, _) = BundleOffers.Answer(offer, keepsAudio: true, weSend: false);
        Assert.Equal(["a", "v"], answer.BundleGroup!.Mids);
        Assert.Equal([SdpDirection.ReceiveOnly, SdpDirection.ReceiveOnly], answer.Media.Select(media => media.Direction));
    }

    [Fact]
    public void AudioBeforeVideo_WithATransportOfItsOwn_IsRefused_AndTheVideoTagged()
    {
        foreach (var own in new[] { Transport.Replace("Qs2F", "other", StringComparison.Ordinal), Transport.Replace("192.0.2.9 9", "192.0.2.9 11", StringComparison.Ordinal) })
        {
            var (analysis, answer, _) = BundleOffers.Answer(Session("BUNDLE a v") + Audio("a", transport: own) + Video("v"));
            Assert.Equal(["v"], answer.BundleGroup!.Mids);
            Assert.Equal([0, 9], answer.Media.Select(media => media.Port));
            Assert.Equal("Qs2F", analysis.Video.RemoteIceUfrag);

            // Kept, it stays tagged, and then its transport is that of the video.
            (analysis, answer, _) = BundleOffers.Answer(Session("BUNDLE a v") + Audio("a", transport: own) + Video("v"), keepsAudio: true);
            Assert.Equal(["a", "v"], answer.BundleGroup!.Mids);
            Assert.Equal(own.Contains("other", StringComparison.Ordinal) ? "other" : "Qs2F", analysis.Video.RemoteIceUfrag);
        }
    }

    [Fact]
    public void VideoBeforeAudio_IsTagged_AndTheAudioRefusedOrKeptBehindIt()
    {
        var offer = Session("BUNDLE v a") + Video("v") + Audio("a", 0, "a=bundle-only\n");
        Assert.Equal(["v"], BundleOffers.Answer(offer).Answer.BundleGroup!.Mids);
        Assert.Equal(["v", "a"], BundleOffers.Answer(offer, keepsAudio: true).Answer.BundleGroup!.Mids);
    }

    // The group names who is tagged, not the order of the media.
    [Fact]
    public void GroupThatNamesTheSecondMediaFirst_IsAnsweredInItsOwnOrder()
    {
        var (analysis, answer, _) = BundleOffers.Answer(Session("BUNDLE a v") + BundleOnly("v") + Audio("a"));
        Assert.Equal(["a", "v"], answer.BundleGroup!.Mids);
        Assert.Equal(["video", "audio"], answer.Media.Select(media => media.Kind));
        Assert.Equal(("Qs2F", 0), (analysis.Video.RemoteIceUfrag, analysis.Video.MediaIndex));
    }

    [Fact]
    public void DataChannelInFront_StaysTagged_WhereTheVideoHasNoOtherTransport()
    {
        var (_, answer, text) = BundleOffers.Answer(Session("BUNDLE d v") + Data("d") + BundleOnly("v"));
        Assert.Equal(["d", "v"], answer.BundleGroup!.Mids);
        Assert.Contains("m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n", text, StringComparison.Ordinal);
        Assert.Contains("a=sctp-port:5000\r\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("a=rtcp-mux", text[text.IndexOf("m=application", StringComparison.Ordinal)..text.IndexOf("m=video", StringComparison.Ordinal)], StringComparison.Ordinal);
    }

    [Fact]
    public void ThreeMedia_KeepTheirPlaces_AndOnlyTheTaggedOneBesideTheVideo()
    {
        var (_, answer, _) = BundleOffers.Answer(Session("BUNDLE a v d") + Audio("a") + BundleOnly("v") + Data("d", 0, "a=bundle-only\n"));
        Assert.Equal(["audio", "video", "application"], answer.Media.Select(media => media.Kind));
        Assert.Equal([9, 9, 0], answer.Media.Select(media => media.Port));
        Assert.Equal(["a", "v"], answer.BundleGroup!.Mids);
    }

    [Fact]
    public void VideoThatCannotBeServed_InFrontOfOneThatCan_StaysTagged_AndCarriesNothing()
    {
        var (analysis, answer, _) = BundleOffers.Answer(Session("BUNDLE x v") + Video("x", codec: "a=rtpmap:96 H263/90000\n") + BundleOnly("v"));
        Assert.Equal((1, "Qs2F"), (analysis.Video.MediaIndex, analysis.Video.RemoteIceUfrag));
        Assert.Equal(["x", "v"], answer.BundleGroup!.Mids);
        Assert.Equal([SdpDirection.Inactive, SdpDirection.SendOnly], answer.Media.Select(media => media.Direction));
    }

    [Fact]
    public void RefusedTaggedMedia_HandsTheTagToTheNext()
    {
        var (analysis, answer, _) = BundleOffers.Answer(Session("BUNDLE a v") + Audio("a", 0, "") + Video("v"));
        Assert.Equal(["v"], answer.BundleGroup!.Mids);
        Assert.Equal("Qs2F", analysis.Video.RemoteIceUfrag);
    }

    [Fact]
    public void TwoGroups_HaveATransportEach()
    {
        var other = Transport.Replace("Qs2F", "other", StringComparison.Ordinal);
        var (analysis, answer, _) = BundleOffers.Answer(Session("BUNDLE a", "BUNDLE v") + Audio("a", transport: other) + Video("v"), keepsAudio: true);
        Assert.Equal("Qs2F", analysis.Video.RemoteIceUfrag);
        Assert.Equal(["v"], Assert.Single(answer.Groups).Mids);
        Assert.Equal([0, 9], answer.Media.Select(media => media.Port));
    }

    [Theory]
    [InlineData("BUNDLE 0 v")]      // FFmpeg's muxer names an audio that it has not
    [InlineData("BUNDLE v 7 8 v")]
    [InlineData("bundle v")]
    [InlineData("BUNDLE\tv")]
    public void GroupThatNamesWhatIsNotThere_IsAnsweredWithWhatIs(string group)
    {
        var (analysis, answer, _) = BundleOffers.Answer(Session(group) + Video("v"));
        Assert.Equal(["v"], answer.BundleGroup!.Mids);
        Assert.Equal("Qs2F", analysis.Video.RemoteIceUfrag);
    }

    [Fact]
    public void WithoutAGroup_TheVideoIsAnsweredAlone()
    {
        var (_, answer, _) = BundleOffers.Answer(Session() + Audio("a") + Video("v"), keepsAudio: true);
        Assert.Empty(answer.Groups);
        Assert.Equal([0, 9], answer.Media.Select(media => media.Port));
    }

    [Fact]
    public void BundleOnlyMedia_WithoutATransportAnywhere_IsRefusedInWordsThatNameThePlace()
    {
        Assert.False(OfferAnalysis.TryAnalyze(SdpSamples.Parse(Session("BUNDLE a v") + Audio("a", transport: "a=rtcp-mux\n") + BundleOnly("v")), SdpSamples.Vp8, out _, out var error));
        Assert.Equal(NegotiationErrorCode.NoIceCredentials, error.Code);
        Assert.Contains("BUNDLE", error.Message, StringComparison.Ordinal);
    }
}
