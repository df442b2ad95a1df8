using P2PCam.WebRtc.Ice;

namespace P2PCam.WebRtc.Tests.Sdp;

/// <summary>How others write the same: blanks, line ends, case. A reader that takes one and stumbles over the next breaks a connection for nothing.</summary>
public class LiberalReadingTests
{
    private const string AsWritten = "VP8 100/101 mid 0 at 0 ext 9,2,4 passive";
    private static readonly string Text = SdpSamples.SafariLike.ReplaceLineEndings("\n");

    [Theory]
    [InlineData(" \n")]
    [InlineData("\t\n")]
    [InlineData(" \t \r\n")]
    [InlineData("\r\r\n")]
    [InlineData("\n\n")]
    [InlineData("\r\n\r\n")]
    public void LineEnds_AndBlanksBeforeThem_MeanNothing(string end) => Assert.Equal(AsWritten, Describe(Text.Replace("\n", end, StringComparison.Ordinal)));

    [Fact]
    public void EachLine_WithABlankBehindIt_IsTheSame()
    {
        var lines = Text.TrimEnd('\n').Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            foreach (var blank in new[] { " ", "\t", "  " })
            {
                string[] changed = [.. lines[..i], lines[i] + blank, .. lines[(i + 1)..]];
                Assert.True(AsWritten == Describe(string.Join("\r\n", changed)), $"'{lines[i]}' with a blank behind it: {Describe(string.Join("\r\n", changed))}");
            }
        }
    }

    [Fact]
    public void NoNewlineAtTheEnd_EmptyLinesAround_AndAByteOrderMark_MeanNothing()
    {
        Assert.Equal(AsWritten, Describe(Text.TrimEnd('\n')));
        Assert.Equal(AsWritten, Describe("\r\n" + Text + "\r\n\r\n \r\n"));
        Assert.Equal(AsWritten, Describe("\uFEFF" + Text));
        Assert.Equal(AsWritten, Describe(Text + "\0"));
        Assert.Equal(AsWritten, Describe(Text.TrimEnd('\n') + "\0\0"));
    }

    [Theory]
    [InlineData("a=setup:actpass", "a=setup:passive ", true)]
    [InlineData("a=setup:actpass", "a=setup:PASSIVE", true)]
    [InlineData("a=setup:actpass", "a=setup: passive", true)]
    [InlineData("a=setup:actpass", "A=setup:x\na=Setup:Passive\t", true)]
    [InlineData("a=setup:actpass", "a=setup:Active", false)]
    [InlineData("a=setup:actpass", "a=setup:ActPass", false)]
    public void Setup_InAnyCase_SaysWhoWaits(string replaced, string by, bool isDtlsClient) =>
        Assert.EndsWith(isDtlsClient ? "active" : "passive", Describe(Text.Replace(replaced, by, StringComparison.Ordinal)), StringComparison.Ordinal);

    [Theory]
    [InlineData("a=fingerprint:sha-256 0A:1B", "a=fingerprint:SHA-256 0a:1b")]
    [InlineData("a=fingerprint:sha-256 0A:1B", "a=fingerprint:sha-256\t0A:1B")]
    [InlineData("a=fingerprint:sha-256 0A:1B", "a=fingerprint: sha-256  0A:1B")]
    [InlineData("a=rtcp-mux", "a=RTCP-MUX")]
    [InlineData("a=rtcp-mux", "a=rtcp-mux-only")]
    [InlineData("a=rtcp-mux", "a=rtcp-mux ")]
    [InlineData("a=mid:0", "a=mid:0 ")]
    [InlineData("a=mid:0", "a=mid: 0")]
    [InlineData("a=group:BUNDLE 0", "a=group:Bundle 0")]
    [InlineData("a=group:BUNDLE 0", "a=group: BUNDLE\t0 ")]
    [InlineData("a=recvonly", "a=RecvOnly")]
    [InlineData("UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP")]
    [InlineData("UDP/TLS/RTP/SAVPF", "udp/tls/rtp/savpf")]
    [InlineData("UDP/TLS/RTP/SAVPF 96", "UDP/TLS/RTP/SAVPF\t96")]
    [InlineData("a=ice-ufrag:Qs2F", "a=ice-ufrag:kZr9Tq0aWb=_7")]
    [InlineData("a=ice-ufrag:Qs2F", "a=ice-ufrag:aB3-x_9 ")]
    [InlineData("a=ice-pwd:m1xk0JtWq3aYd8S5rVnE7bLc", "a=ice-pwd:abcdefghijklmnopqrstuv12-_")]
    [InlineData("a=rtpmap:100 VP8/90000", "a=rtpmap:100\tVP8/90000")]
    [InlineData("a=rtpmap:100 VP8/90000", "a=rtpmap: 100  vp8/90000 ")]
    [InlineData("a=fmtp:101 apt=100", "a=fmtp:101 APT=100 ;")]
    [InlineData("a=rtcp-fb:100 nack\n", "a=rtcp-fb:* nack\n")]
    [InlineData("a=rtcp-fb:100 nack\n", "a=rtcp-fb:*\tNACK\n")]
    [InlineData("a=extmap:9 urn", "a=extmap:9/RECVONLY urn")]
    [InlineData("a=rtcp-mux", "a=rtcp-mux\na=something-of-tomorrow:x y z\na=flag")]
    [InlineData("s=-", "s= ")]
    [InlineData("a=", "a= ")]
    [InlineData("a=rtcp-mux", "a=\trtcp-mux")]
    [InlineData("m=video", "m=Video")]
    [InlineData("m=video", "m= VIDEO")]
    public void OtherWaysToWriteTheSame_AreTheSame(string replaced, string by)
    {
        Assert.Contains(replaced, Text, StringComparison.Ordinal);
        Assert.Equal(AsWritten, Describe(Text.Replace(replaced, by, StringComparison.Ordinal)));
    }

    // One rule for one value: what SDP takes, the agent takes, and the other way round.
    [Theory]
    [InlineData("abc", "m1xk0JtWq3aYd8S5rVnE7bLc", false)]
    [InlineData("abcd", "m1xk0JtWq3aYd8S5rVnE7", false)]
    [InlineData("ab:d", "m1xk0JtWq3aYd8S5rVnE7bLc", false)]
    [InlineData("abc\u00E9", "m1xk0JtWq3aYd8S5rVnE7bLc", false)]
    [InlineData("a-_=+/~!", "m1xk0JtWq3aYd8S5rVnE7b-_=", true)]
    public void Credentials_AreJudgedBySdpAsByTheAgent(string ufrag, string password, bool valid)
    {
        Assert.Equal(valid, IceCredentials.AreValid(ufrag, password));
        Assert.Equal(valid, IceCredentials.TryCreate(ufrag, password) is not null);
        var offer = Text.Replace("Qs2F", ufrag, StringComparison.Ordinal).Replace("m1xk0JtWq3aYd8S5rVnE7bLc", password, StringComparison.Ordinal);
        Assert.Equal(valid ? AsWritten : "NoIceCredentials", Describe(offer));
    }

    [Theory]
    [InlineData("111 63", "a=rtpmap:111 opus/48000/2\na=fmtp:111 minptime=10\na=rtpmap:63 red/48000/2\na=fmtp:63 111/111\n", "111", "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10\r\n")]
    [InlineData("63 111", "a=rtpmap:63 red/48000/2\na=fmtp:63 111/111\na=rtpmap:111 opus/48000/2\n", "111", "a=rtpmap:111 opus/48000/2\r\n")]
    [InlineData("126 13 8", "a=rtpmap:126 telephone-event/8000\na=rtpmap:13 CN/8000\na=rtpmap:8 PCMA/8000\n", "8", "a=rtpmap:8 PCMA/8000\r\n")]
    [InlineData("0 8", "", "0", "")]
    [InlineData("97", "a=rtpmap:97 L16/44100/2\n", "97", "a=rtpmap:97 L16/44100/2\r\n")]
    [InlineData("97", "a=rtpmap:97 multiopus/48000/6\na=fmtp:97 channel_mapping=0,4,1,2,3,5\n", "97", "a=rtpmap:97 multiopus/48000/6\r\na=fmtp:97 channel_mapping=0,4,1,2,3,5\r\n")]
    [InlineData("63", "a=rtpmap:63 red/48000/2\na=fmtp:63 111/111\n", "63", "a=rtpmap:63 red/48000/2\r\n")]
    [InlineData("63 0", "a=rtpmap:63 red/8000\na=fmtp:63 0/0\n", "0", "")]
    public void AudioThatIsKept_RepeatsAFormatThatStandsAlone_WithItsChannels(string formats, string lines, string answered, string expected)
    {
        var offer = BundleOffers.Session("BUNDLE v a") + BundleOffers.Video("v") + $"m=audio 9 UDP/TLS/RTP/SAVPF {formats}\na=mid:a\na=recvonly\n{BundleOffers.Transport}{lines}";
        var (_, answer, text) = BundleOffers.Answer(offer, keepsAudio: true);
        Assert.Equal([answered], answer.Media[1].Formats);
        Assert.EndsWith("a=inactive\r\na=rtcp-mux\r\n" + expected, text, StringComparison.Ordinal);

        (_, answer, _) = BundleOffers.Answer(offer);
        Assert.Equal((0, formats), (answer.Media[1].Port, string.Join(' ', answer.Media[1].Formats)));
    }

    private static string Describe(string text) => SdpSamples.Describe(text, SdpSamples.Vp8);
}
