using P2PCam.Interop.Tests.Support;
using P2PCam.TestKit;
using P2PCam.WebRtc.Rtp.Payloads;
using Xunit.Abstractions;

namespace P2PCam.Interop.Tests;

/// <summary>
/// Chromium publishes and watches with other media around the video, bundled in each way that it knows. It gives a connection up when the answer takes the
/// transport of the group away ("Failed to setup RTCP mux").
/// </summary>
public class BundleInteropTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [ToolTheory("chromium")]
    [InlineData("max-bundle")]
    [InlineData("balanced")]
    [InlineData("max-compat")]
    public async Task Chromium_MediaAroundTheVideo_LeaveThePictureAsItIs(string policy)
    {
        await using var chromium = await ChromiumPublisher.LaunchAsync();
        foreach (var (before, after) in new (string[], string[])[] { (["audio"], []), ([], ["audio"]), (["data"], []), (["audio"], ["data"]), (["data", "audio"], ["audio"]) })
        {
            foreach (var keepsAudio in new[] { true, false })
            {
                var name = $"{policy}: {string.Join(' ', [.. before, "VIDEO", .. after])}, audio {(keepsAudio ? "kept" : "refused")}";
                await chromium.SetBundleAsync(policy, before, after);
                await using var relay = new PassThrough(RtpVideoCodec.Vp8, keepsAudio);
                await AcceptAsync(chromium, "publisher", (await chromium.PublishAsync("VP8"))!, relay.TakePublisher, name);
                await AcceptAsync(chromium, "viewer", await chromium.WatchAsync(), relay.TakeViewer, name);
                await AssertShowsFramesAsync(chromium, name);
            }
        }
    }

    private async Task AcceptAsync(ChromiumPublisher chromium, string connection, string offer, Func<string, string> answer, string name)
    {
        var answered = answer(offer);
        try
        {
            await chromium.AcceptAsync(connection, answered);
        }
        catch (Microsoft.Playwright.PlaywrightException e)
        {
            output.WriteLine(offer);
            output.WriteLine(answered);
            Assert.Fail($"{name}: the {connection} does not take the answer: {e.Message}");
        }
    }

    private static async Task AssertShowsFramesAsync(ChromiumPublisher chromium, string name)
    {
        using var limit = new CancellationTokenSource(Limit);
        while ((await chromium.GetWatchedAsync()).Frames < 5)
        {
            Assert.False(limit.IsCancellationRequested, $"{name}: no picture within {Limit}.");
            await Task.Delay(50);
        }
    }
}
