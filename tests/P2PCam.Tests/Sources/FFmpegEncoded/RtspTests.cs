using System.Net.Sockets;
using P2PCam.TestKit.Rtsp;

namespace P2PCam.Tests.Sources.FFmpegEncoded;

public class RtspTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [RtspFact]
    public async Task Camera_ComesUnchanged_AndAgainAfterItWasKilled()
    {
        await using var server = await RtspServer.StartAsync();

        // Longer than the test may take: what is noticed is the end of the connection, not a silence.
        await using var source = FFmpegEncodedSource.FromRtsp(server.Address, options => options.StallTimeout = TimeSpan.FromMinutes(5));
        await using var frames = source.ReadFramesAsync().GetAsyncEnumerator();
        var last = TimeSpan.MinValue;
        for (var i = 0; i < 40; i++)
        {
            Assert.True(await frames.MoveNextAsync().AsTask().WaitAsync(Limit));
            Assert.True(i > 0 || frames.Current.IsKeyFrame);
            Assert.True(frames.Current.Timestamp > last, $"{frames.Current.Timestamp} after {last}");
            last = frames.Current.Timestamp;
            frames.Current.Dispose();
        }

        await server.DisposeAsync();
        var error = await Assert.ThrowsAsync<VideoSourceException>(() => DrainAsync(frames).WaitAsync(Limit));
        Assert.Contains(error.Code, (string[])["P2P1011", "P2P1012", "P2P1002"]);

        await using var replaced = await RtspServer.StartAsync(server.Port);
        var again = await Frames.ReadAsync(source, 5).WaitAsync(Limit);
        Assert.True(again[0].IsKeyFrame);
        Assert.True(again[0].Timestamp > last);
    }

    [RtspFact]
    public async Task Camera_OfOneFrameASecond_IsPassedOnWithinTheDataTimeout_AndNotInBursts()
    {
        await using var server = await RtspServer.StartAsync(rate: "1/1");
        await using var source = FFmpegEncodedSource.FromRtsp(server.Address, options => options.StallTimeout = TimeSpan.FromSeconds(5));
        var frames = await Frames.ReadAsync(source, 6).WaitAsync(Limit);
        Assert.True(frames[0].IsKeyFrame);
        Assert.InRange((frames[5].Timestamp - frames[1].Timestamp).TotalSeconds, 2, 6);
    }

    [RtspTheory]
    [InlineData("1/1", 1)]
    [InlineData("5/1", 5)]
    public async Task SlowCamera_Decoded_ShowsEachPictureWhenItComes(string rate, int perSecond)
    {
        await using var server = await RtspServer.StartAsync(rate: rate);
        await using var source = FFmpegSource.FromRtsp(server.Address, options => (options.Width, options.Height) = (160, 120));
        Assert.True(((ISlowSource)source).MayBeSlow);
        var times = new List<TimeSpan>();
        await foreach (var frame in source.ReadFramesAsync())
        {
            times.Add(frame.Timestamp);
            frame.Dispose();
            if (times.Count == 2 + (4 * perSecond))
            {
                break;
            }
        }

        // Filled up to 30 a second, in bursts, they would be there in no time.
        Assert.InRange((times[^1] - times[1]).TotalSeconds, 2.5, 20);
    }

    [RtspFact]
    public async Task Login_WithAPasswordThatIsNotEncoded_IsTaken()
    {
        await using var server = await RtspServer.StartAsync(login: ("admin", "p@s#s:w/o?r%d"));
        var address = $"rtsp://admin:p@s#s:w/o?r%d@127.0.0.1:{server.Port}/live";
        Assert.Equal(2, (await Frames.ReadAsync(FFmpegEncodedSource.FromInput(address), 2).WaitAsync(Limit)).Count);

        var wrong = address.Replace("r%d", "r0ng", StringComparison.Ordinal);
        var (error, _) = await Frames.FailAsync(FFmpegEncodedSource.FromInput(wrong)).WaitAsync(Limit);
        Assert.Equal("P2P1006", error.Code);
        Assert.DoesNotContain("r0ng", error.ToString(), StringComparison.Ordinal);
    }

    [RtspFact]
    public async Task Camera_ThatHangs_IsGivenUpAfterTheStallTimeout()
    {
        await using var server = await RtspServer.StartAsync();
        await using var source = FFmpegEncodedSource.FromRtsp(server.Address, options => options.StallTimeout = TimeSpan.FromSeconds(1));
        await using var frames = source.ReadFramesAsync().GetAsyncEnumerator();
        Assert.True(await frames.MoveNextAsync().AsTask().WaitAsync(Limit));
        frames.Current.Dispose();
        server.Freeze();
        var error = await Assert.ThrowsAsync<VideoSourceException>(() => DrainAsync(frames).WaitAsync(Limit));
        Assert.Equal("P2P1003", error.Code);
    }

    [RtspFact]
    public async Task Login_ThatIsWrong_IsSaidWithoutThePassword()
    {
        await using var server = await RtspServer.StartAsync(login: ("admin", "s3cret"));
        var right = new UriBuilder(server.Address) { UserName = "admin", Password = "s3cret" }.Uri;
        Assert.Equal(2, (await Frames.ReadAsync(FFmpegEncodedSource.FromRtsp(right), 2).WaitAsync(Limit)).Count);

        var wrong = new UriBuilder(server.Address) { UserName = "admin", Password = "wr0ng" }.Uri;
        var (error, _) = await Frames.FailAsync(FFmpegEncodedSource.FromRtsp(wrong)).WaitAsync(Limit);
        Assert.Equal("P2P1006", error.Code);
        Assert.Contains("password", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", error.ToString(), StringComparison.Ordinal);
    }

    [RtspFact]
    public async Task Path_OrHost_ThatIsNotThere_IsSaidWithoutThePassword()
    {
        await using var server = await RtspServer.StartAsync();
        var path = new UriBuilder(server.Address) { Path = "/other", Query = "user=admin&password=s3cret" }.Uri;
        var (missing, _) = await Frames.FailAsync(FFmpegEncodedSource.FromRtsp(path)).WaitAsync(Limit);
        Assert.Equal("P2P1004", missing.Code);
        Assert.DoesNotContain("s3cret", missing.ToString(), StringComparison.Ordinal);

        using var closed = new TcpListener(System.Net.IPAddress.Loopback, 0);
        closed.Start();
        var port = ((System.Net.IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        var (refused, _) = await Frames.FailAsync(FFmpegEncodedSource.FromRtsp(new Uri($"rtsp://admin:s3cret@127.0.0.1:{port}/live?password=s3cret"))).WaitAsync(Limit);
        Assert.Equal("P2P1012", refused.Code);
        Assert.DoesNotContain("s3cret", refused.ToString(), StringComparison.Ordinal);
    }

    private static async Task DrainAsync(IAsyncEnumerator<EncodedFrame> frames)
    {
        while (await frames.MoveNextAsync())
        {
            frames.Current.Dispose();
        }
    }
}
