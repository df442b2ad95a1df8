using P2PCam.Sources.FFmpeg;

namespace P2PCam.Tests.Sources;

public class MediaAddressTests
{
    [Theory]
    [InlineData("rtsp://admin:s3cret@10.0.0.9/live", "10.0.0.9", "rtsp://admin:s3cret@10.0.0.9/live")]
    [InlineData("rtsp://admin:p@ss@10.0.0.9:8554/live", "10.0.0.9", "rtsp://admin:p%40ss@10.0.0.9:8554/live")]
    [InlineData("rtsp://admin:p#ss@10.0.0.9/live", "10.0.0.9", "rtsp://admin:p%23ss@10.0.0.9/live")]
    [InlineData("rtsp://admin:12#ss@10.0.0.9/live", "10.0.0.9", "rtsp://admin:12%23ss@10.0.0.9/live")]
    [InlineData("rtsp://admin:p:ss@10.0.0.9/live", "10.0.0.9", "rtsp://admin:p%3Ass@10.0.0.9/live")]
    [InlineData("rtsp://admin:p/ss@10.0.0.9/live", "10.0.0.9", "rtsp://admin:p%2Fss@10.0.0.9/live")]
    [InlineData("rtsp://admin:p?ss@10.0.0.9/live", "10.0.0.9", "rtsp://admin:p%3Fss@10.0.0.9/live")]
    [InlineData("rtsp://admin:p%ss@10.0.0.9/live", "10.0.0.9", "rtsp://admin:p%25ss@10.0.0.9/live")]
    [InlineData("rtsp://admin:p%40ss@10.0.0.9/live", "10.0.0.9", "rtsp://admin:p%40ss@10.0.0.9/live")]
    [InlineData("rtsp://admin:p ss@10.0.0.9/live", "10.0.0.9", "rtsp://admin:p%20ss@10.0.0.9/live")]
    [InlineData("rtsp://admin:p[ä]@10.0.0.9/live", "10.0.0.9", "rtsp://admin:p%5B%C3%A4%5D@10.0.0.9/live")]
    [InlineData("rtsp://me@home:p/@#?:%ss@cam.local:554/a@b?c=d@e", "cam.local", "rtsp://me%40home:p%2F%40%23%3F%3A%25ss@cam.local:554/a@b?c=d@e")]
    [InlineData("RTSP://[fe80::1%eth0]:554/a", "[fe80::1%eth0]", "rtsp://[fe80::1%eth0]:554/a")]
    [InlineData("rtsp://10.0.0.9/cam@1?user=a@b", "10.0.0.9", "rtsp://10.0.0.9/cam@1?user=a@b")]
    [InlineData("udp://@239.0.0.1:1234", "239.0.0.1", "udp://@239.0.0.1:1234")]
    [InlineData("udp://:1234", "", "udp://:1234")]
    [InlineData("srt://10.0.0.9:9000?passphrase=a:b/c@d", "10.0.0.9", "srt://10.0.0.9:9000?passphrase=a:b/c@d")]
    public void Passwords_AreEncodedWhereItIsClearWhatWasMeant(string text, string host, string expected)
    {
        var address = MediaAddress.TryParse(text);
        Assert.Equal((host, expected), (address?.Host, address?.Text));
    }

    [Theory]
    [InlineData("film.mp4")]
    [InlineData("/dev/video0")]
    [InlineData("C:\\films\\a.mp4")]
    [InlineData("rtsp:/10.0.0.9/live")]
    [InlineData("://10.0.0.9/live")]
    public void WhatIsNoAddress_IsNone(string text) => Assert.Null(MediaAddress.TryParse(text));

    [Theory]
    [InlineData("rtsp://host:port/live")]
    [InlineData("rtsp://admin:s3cret@10.0.0.9:554:1/live")]
    [InlineData("rtsp://admin:s3cret@10.0.0.9:99999/live")]
    [InlineData("http://my camera/video")]
    [InlineData("rtsp://<10.0.0.9>/live")]
    public void HostOrPortThatIsNone_IsSaidAtOnce_WithoutThePassword(string text)
    {
        var error = Assert.Throws<ArgumentException>(() => FFmpegInput.Any(text, isLive: true));
        Assert.Contains("a host and a port is none", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rtsp://10.0.0.9:554/user=admin_password=s3cr_3t_channel=1_stream=0.sdp?real_stream", "channel=1")]
    [InlineData("rtsp://10.0.0.9/user=admin&password=s3cr3t&channel=1.sdp", "channel=1.sdp")]
    [InlineData("http://10.0.0.9/login;pwd=s3cr3t/video.mjpg", "/video.mjpg")]
    [InlineData("rtsp://10.0.0.9/live/PASSWORD=s3cr3t", "/live/")]
    public void PasswordInThePath_IsStruckOutOfFFmpegsWords(string text, string stays)
    {
        var words = new FFmpegWords(FFmpegInput.Any(text, isLive: true).Secrets);
        words.Add($"[error] {text}: Connection refused");
        words.Add($"[in#0 @ 0x1] [fatal] Error opening input file {text}.");
        Assert.DoesNotContain("s3cr", words.ToString(), StringComparison.Ordinal);
        Assert.Contains(stays, words.ToString(), StringComparison.Ordinal);
        Assert.Contains("Connection refused", words.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rtsp://admin:s3cr@t/x@10.0.0.9/live?token=t0ken:x", "s3cr@t/x")]
    [InlineData("srt://10.0.0.9:9000?passphrase=s3cret:s3cret/s3cret@x", "s3cret")]
    [InlineData("http://admin:s3cret%2F@10.0.0.9/video.mjpg", "s3cret")]
    public void Secrets_AreStruckOutOfNamesAndOfFFmpegsWords(string text, string secret)
    {
        var input = FFmpegInput.Any(text, isLive: true);
        Assert.DoesNotContain(secret, input.Id + input.Name, StringComparison.Ordinal);
        var words = new FFmpegWords(input.Secrets);
        var address = MediaAddress.TryParse(text)!.Text;
        words.Add($"[error] {address}: Connection refused");
        words.Add($"[in#0 @ 0x1] [fatal] Error opening input '{text}'");
        words.Add($"Authorization failed for {Uri.UnescapeDataString(address)}");
        Assert.DoesNotContain("s3cr", words.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("t0ken", words.ToString(), StringComparison.Ordinal);
        Assert.Contains("Connection refused", words.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Rtsp_GivenAsAnyInput_IsOpenedAsRtsp()
    {
        var input = FFmpegInput.Any("rtsp://admin:p#s@10.0.0.9/live", isLive: true);
        Assert.Equal((FFmpegInputKind.Rtsp, "The RTSP camera at 10.0.0.9"), (input.Kind, input.Name));
        Assert.Equal("rtsp://admin:p%23s@10.0.0.9/live", input.Attempts[0][^1]);
    }

    [Theory]
    [InlineData("http://10.0.0.9/video.mjpg", false)]
    [InlineData("http://10.0.0.9/?action=stream", false)]
    [InlineData("srt://10.0.0.9:9000", false)]
    [InlineData("rtmp://10.0.0.9/app/film.mp4", false)]
    [InlineData("https://10.0.0.9/live/index.m3u8?x=1", true)]
    [InlineData("http://10.0.0.9/film.MP4", true)]
    public void FilesByHttp_ArePaced_AndWhatIsLiveIsNot(string text, bool isPaced)
    {
        Assert.Equal(isPaced, FFmpegInput.Any(text, isLive: true).NeedsPacing);
        Assert.True(FFmpegInput.Any(text, isLive: false).NeedsPacing);
    }

    [Theory]
    [InlineData("http://admin:s3cret@")]
    [InlineData("rtsps://admin:s3cret@/live")]
    [InlineData("rtmp:///live")]
    public void FromInput_OfAnAddressWithoutAHost_SaysSo_WithoutThePassword(string address)
    {
        var error = Assert.Throws<ArgumentException>(() => FFmpegSource.FromInput(address));
        Assert.Contains("names no host", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://admin:s3cret@10.0.0.9/")]
    [InlineData("rtsp:///live")]
    public void FromRtsp_OfAnotherAddress_SaysWhatTakesIt_WithoutThePassword(string address)
    {
        var error = Assert.Throws<ArgumentException>(() => FFmpegSource.FromRtsp(new Uri(address)));
        Assert.Contains("UseFFmpegInput", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.Message, StringComparison.Ordinal);
    }
}
