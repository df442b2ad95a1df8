using P2PCam.TestKit;
using P2PCam.WebRtc.Rtp;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Sdp;

namespace P2PCam.WebRtc.Tests.Sdp;

public class OfferTests
{
    private static readonly IVideoCodecRule[] Rules = [Vp8CodecRule.Instance, H264CodecRule.Instance];

    private readonly string _offer = OfferBuilder.Build(Rules, SdpSamples.Local with { Ssrc = null, RtxSsrc = null, IceUfrag = "view" });

    [Fact]
    public void OfferAndAnswer_BetweenTwoOfUs_AgreeOnBothSides()
    {
        var offer = SdpSamples.Parse(_offer);
        Assert.True(OfferAnalysis.TryAnalyze(offer, Rules, out var analysis, out var error), error.ToString());
        var answer = SdpSamples.Parse(AnswerBuilder.Build(analysis!, SdpSamples.Local));
        Assert.True(AnswerAnalysis.TryAnalyze(offer, answer, Rules, out var viewer, out error), error.ToString());

        var broadcaster = analysis!.Video;
        Assert.Equal(broadcaster.Codec, viewer!.Codec);
        Assert.Equal(new NegotiatedCodec(RtpVideoCodec.Vp8, 96, 97, null, RtcpFeedbackKinds.Sent), viewer.Codec);
        Assert.Equal((broadcaster.Extensions, new HeaderExtensionIds(1, 2, 3)), (viewer.Extensions, viewer.Extensions));
        Assert.Equal((false, true), (broadcaster.IsDtlsClient, viewer.IsDtlsClient));
        Assert.Equal(("view", "abcd"), (broadcaster.RemoteIceUfrag, viewer.RemoteIceUfrag));
        Assert.Equal(((uint?)1000, (uint?)1001), (viewer.RemoteSsrc, viewer.RemoteRtxSsrc));
        Assert.Null(broadcaster.RemoteSsrc);
        Assert.Equal(SdpSamples.Local.Candidates, viewer.RemoteCandidates);
        Assert.True(viewer.HasRemoteEndOfCandidates);
        Assert.Equal(SdpSamples.Local.Fingerprint, Assert.Single(viewer.RemoteFingerprints));
    }

    [VectorsTheory]
    [InlineData("chromium156-answer-recvonly.sdp", 96, 97, 1607841145, 2358625112)]
    [InlineData("firefox153-answer-recvonly.sdp", 120, 124, 3829579041, 744335439)]
    public void TryAnalyze_AnswersOfBrowsers_NameTheirStream(string name, int payloadType, int rtx, uint ssrc, uint rtxSsrc)
    {
        // The browsers answered each other's kind of offer; ours need not be the one they saw, as long as the numbers are offered.
        var offer = SdpSamples.Parse(SdpSamples.Read(name.Replace("answer", "offer", StringComparison.Ordinal)));
        var answer = SdpSamples.Parse(SdpSamples.Read(name));
        Assert.True(AnswerAnalysis.TryAnalyze(offer, answer, SdpSamples.Vp8, out var video, out var error), error.ToString());
        Assert.Equal(
            (payloadType, (int?)rtx, (uint?)ssrc, (uint?)rtxSsrc),
            ((int)video!.Codec.PayloadType, (int?)video.Codec.RtxPayloadType, video.RemoteSsrc, video.RemoteRtxSsrc));
        Assert.False(video.IsDtlsClient); // both answer active
    }

    [Fact]
    public void TryAnalyze_WhatChromiumAnsweredToThisOffer_IsUnderstood()
    {
        var (offer, answer) = (SdpSamples.Parse(_offer), SdpSamples.Parse(CapturedAnswers.Chromium));
        Assert.True(AnswerAnalysis.TryAnalyze(offer, answer, Rules, out var video, out var error), error.ToString());
        Assert.Equal(new NegotiatedCodec(RtpVideoCodec.Vp8, 96, 97, null, RtcpFeedbackKinds.Sent), video!.Codec);
        Assert.Equal(new HeaderExtensionIds(1, 2, 3), video.Extensions);
        Assert.Equal(((uint?)2766363560, (uint?)336012902), (video.RemoteSsrc, video.RemoteRtxSsrc));
    }

    [Fact]
    public void TryAnalyze_WhatFirefoxAnsweredToThisOffer_IsUnderstood()
    {
        var (offer, answer) = (SdpSamples.Parse(_offer), SdpSamples.Parse(CapturedAnswers.Firefox));
        Assert.True(AnswerAnalysis.TryAnalyze(offer, answer, Rules, out var video, out var error), error.ToString());
        Assert.Equal(new NegotiatedCodec(RtpVideoCodec.Vp8, 96, 97, null, RtcpFeedbackKinds.Sent), video!.Codec);
        Assert.Equal(new HeaderExtensionIds(1, 2, 3), video.Extensions);
        Assert.Equal("sha-256", Assert.Single(video.RemoteFingerprints).Algorithm);
    }

    [Fact]
    public void ToString_OfWhatWasAgreedOn_KeepsThePasswordsToItself()
    {
        Assert.True(OfferAnalysis.TryAnalyze(SdpSamples.Parse(_offer), Rules, out var analysis, out _));
        Assert.DoesNotContain(SdpSamples.Local.IcePassword, analysis!.Video.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(SdpSamples.Local.IcePassword, SdpSamples.Local.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Publishing_OfferAndAnswerBetweenTwoOfUs_GoTheOtherWay()
    {
        var offer = SdpSamples.Parse(OfferBuilder.Build(Rules, SdpSamples.Local with { IceUfrag = "push" }, "0", weSend: true));
        Assert.Equal(SdpDirection.SendOnly, offer.Media[0].Direction);
        Assert.True(OfferAnalysis.TryAnalyze(offer, [H264CodecRule.Instance, Vp8CodecRule.Instance], out var analysis, out var error, weSend: false), error.ToString());
        var answer = SdpSamples.Parse(AnswerBuilder.Build(analysis!, SdpSamples.Local with { Ssrc = null, RtxSsrc = null }));
        Assert.True(AnswerAnalysis.TryAnalyze(offer, answer, Rules, out var publisher, out error, weSend: true), error.ToString());

        Assert.Equal(SdpDirection.ReceiveOnly, answer.Media[0].Direction);
        Assert.Empty(answer.Media[0].Sources);
        Assert.Equal([RtpVideoCodec.H264, RtpVideoCodec.Vp8], analysis!.Video.Codecs.Select(codec => codec.Codec)); // the order of who answers
        Assert.Equal(["98", "99", "96", "97"], answer.Media[0].Formats);
        Assert.Equal((1000u, 1001u), (analysis.Video.RemoteSsrc, analysis.Video.RemoteRtxSsrc));
        Assert.Equal([96, 98], publisher!.Codecs.Select(codec => (int)codec.PayloadType));
    }

    [Fact]
    public void Publishing_OfferOfAViewer_IsTheWrongDirection()
    {
        Assert.False(OfferAnalysis.TryAnalyze(SdpSamples.Parse(_offer), Rules, out _, out var error, weSend: false));
        Assert.Equal(NegotiationErrorCode.WrongDirection, error.Code);
    }

    [Theory]
    [InlineData("m=video 9", "m=video 0", nameof(NegotiationErrorCode.NoVideo))]
    [InlineData("m=video 9", "m=audio 9", nameof(NegotiationErrorCode.AnswerDoesNotMatchOffer))]
    [InlineData("a=mid:0", "a=mid:1", nameof(NegotiationErrorCode.AnswerDoesNotMatchOffer))]
    [InlineData("a=sendonly", "a=recvonly", nameof(NegotiationErrorCode.WrongDirection))]
    [InlineData("a=setup:passive", "a=setup:actpass", nameof(NegotiationErrorCode.UnusableSetup))]
    [InlineData("SAVPF 96 97 98 99", "SAVPF 97 99", nameof(NegotiationErrorCode.NoCommonCodec))]
    [InlineData("a=rtcp-mux\r\n", "", nameof(NegotiationErrorCode.NoRtcpMux))]
    [InlineData("a=fingerprint:", "a=x:", nameof(NegotiationErrorCode.NoFingerprint))]
    [InlineData("a=ice-pwd:", "a=x:", nameof(NegotiationErrorCode.NoIceCredentials))]
    public void TryAnalyze_AnswerThatCannotBeUsed_SaysWhy(string replaced, string by, string expected)
    {
        var offer = SdpSamples.Parse(_offer);
        Assert.True(OfferAnalysis.TryAnalyze(offer, Rules, out var analysis, out _));
        var text = AnswerBuilder.Build(analysis!, SdpSamples.Local);
        Assert.Contains(replaced, text, StringComparison.Ordinal);
        var answer = SdpSamples.Parse(text.Replace(replaced, by, StringComparison.Ordinal));
        Assert.False(AnswerAnalysis.TryAnalyze(offer, answer, Rules, out var video, out var error));
        Assert.Equal(expected, error.Code.ToString());
        Assert.Null(video);
    }

    [Fact]
    public void TryAnalyze_PayloadTypeThatWasNotOffered_IsNoCommonCodec()
    {
        var offer = SdpSamples.Parse(OfferBuilder.Build(SdpSamples.Vp8, SdpSamples.Local));
        Assert.True(OfferAnalysis.TryAnalyze(offer, SdpSamples.Vp8, out var analysis, out _));
        var answer = AnswerBuilder.Build(analysis!, SdpSamples.Local).Replace("96", "50", StringComparison.Ordinal);
        Assert.False(AnswerAnalysis.TryAnalyze(offer, SdpSamples.Parse(answer), SdpSamples.Vp8, out _, out var error));
        Assert.Equal(NegotiationErrorCode.NoCommonCodec, error.Code);
    }
}
