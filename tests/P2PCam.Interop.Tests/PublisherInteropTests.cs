using System.Diagnostics;
using P2PCam.Interop.Tests.Support;
using P2PCam.TestKit;
using P2PCam.WebRtc.Rtp.Payloads;
using Xunit.Abstractions;

namespace P2PCam.Interop.Tests;

/// <summary>Chromium's camera goes through two sessions of the engine, without being decoded, and back into Chromium.</summary>
public class PublisherInteropTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(45);

    [ToolTheory("chromium")]
    [InlineData("VP8")]
    [InlineData("H264")]
    [InlineData("VP9")]
    [InlineData("AV1")]
    public async Task Chromium_ItsCameraIsPassedOn(string codec)
    {
        await using var chromium = await ChromiumPublisher.LaunchAsync();
        var offer = await chromium.PublishAsync(codec);
        Assert.True(offer is not null, $"This Chromium does not encode {codec}, which Debian's does.");
        await using var relay = await ConnectAsync(chromium, codec, offer);

        await WaitAsync(chromium, relay, watched => watched.Frames > 60);
        Assert.Equal($"video/{codec}", (await chromium.GetWatchedAsync()).Codec);
    }

    [ToolFact("chromium")]
    public async Task Chromium_ItsLayersAreToldApart()
    {
        await using var chromium = await ChromiumPublisher.LaunchAsync();
        var offer = await chromium.PublishAsync("VP8", "q", "h");
        await using var relay = await ConnectAsync(chromium, "VP8", offer!);

        await WaitAsync(chromium, relay, watched => watched.Frames > 20);
        relay.SelectLayer("q");
        await WaitAsync(chromium, relay, watched => watched.Size == "640x360" && relay.Statistics.ReceivedLayer == "q");
        relay.SelectLayer("h");
        await WaitAsync(chromium, relay, watched => watched.Size == "1280x720" && relay.Statistics is { ReceivedLayer: "h", ReceivedWidth: 1280, ReceivedHeight: 720 });
    }

    [ToolFact("chromium")]
    public async Task Chromium_MayRestartIce_OnEitherSide()
    {
        await using var chromium = await ChromiumPublisher.LaunchAsync();
        var offer = await chromium.PublishAsync("VP8");
        await using var relay = await ConnectAsync(chromium, "VP8", offer!);
        await WaitAsync(chromium, relay, watched => watched.Frames > 20);

        await chromium.AcceptAsync("publisher", relay.RestartPublisher(await chromium.RestartAsync("publisher")));
        await chromium.AcceptAsync("viewer", relay.RestartViewer(await chromium.RestartAsync("viewer")));

        await WaitAsync(chromium, relay, _ => relay.Restarts == 2);
        var frames = (await chromium.GetWatchedAsync()).Frames;
        await WaitAsync(chromium, relay, watched => watched.Frames > frames + 100);
    }

    private static async Task<PassThrough> ConnectAsync(ChromiumPublisher chromium, string codec, string offer)
    {
        var relay = new PassThrough(Enum.Parse<RtpVideoCodec>(codec, ignoreCase: true));
        await chromium.AcceptAsync("publisher", relay.TakePublisher(offer));
        await chromium.AcceptAsync("viewer", relay.TakeViewer(await chromium.WatchAsync()));
        return relay;
    }

    private async Task WaitAsync(ChromiumPublisher chromium, PassThrough relay, Func<(int Frames, string Codec, string Size), bool> isReached)
    {
        var clock = Stopwatch.StartNew();
        (int, string, string) watched;
        while (!isReached(watched = await chromium.GetWatchedAsync()) && clock.Elapsed < Limit)
        {
            await Task.Delay(100);
        }

        output.WriteLine($"{watched} after {clock.Elapsed.TotalSeconds:F1} s; {relay.Statistics}");
        Assert.True(isReached(watched), $"{watched}; {relay.Statistics}");
    }
}
