using P2PCam.Browser.Tests.Browsers;
using P2PCam.TestKit.Networks;
using Xunit.Abstractions;

namespace P2PCam.Browser.Tests;

/// <summary>Many viewers, and lost packets.</summary>
[Collection("browsers")]
public sealed class BrowserCameraTrafficTests(ITestOutputHelper output) : BrowserCameraBed(output)
{
    [NetworkFact("chromium")]
    public async Task Joins_AreQuick_AndManyAtOnceCauseFewKeyFrames()
    {
        // As many viewers as may be, in one page.
        const string Crowd = """
            (async count => {
              const { watch } = await import('/p2pcam.js');
              const started = performance.now();
              const times = await Promise.all(Array.from({ length: count }, () => new Promise(done => {
                const video = document.createElement('video');
                video.muted = true; video.width = 64;
                document.body.append(video);
                const viewer = watch(video, {});
                viewer.addEventListener('statechange', () => viewer.state === 'live' && done(performance.now() - started));
              })));
              return times.sort((a, b) => a - b).map(Math.round);
            })
            """;
        await using var onAir = await GoOnAirAsync();
        var (_, camera, browser) = onAir;
        var times = new List<double>();
        for (var i = 0; i < (Measure.Enabled ? 20 : 2); i++)
        {
            await using var page = await browser.NewPageAsync();
            await page.OpenAsync(Address);
            await page.WaitForStateAsync("live");
            times.Add((await page.GetStatsAsync()).GetProperty("timeToFirstFrameMs").GetDouble());
        }

        times.Sort();
        Figures.Add($"Browser camera: join to first frame, {times.Count} loads", $"p50 {times[times.Count / 2]:0} ms, p95 {times[(int)Math.Ceiling(times.Count * 0.95) - 1]:0} ms");

        await using var crowd = await browser.NewPageAsync();
        await crowd.OpenAsync(new Uri(Address, "healthz"));
        var count = Measure.Enabled ? 20 : 6;
        var before = (await camera.GetStatsAsync()).GetProperty("pliCount").GetInt32();
        var joined = await crowd.EvaluateAsync($"({Crowd})({count})");
        var requests = (await camera.GetStatsAsync()).GetProperty("pliCount").GetInt32() - before;
        Figures.Add($"Browser camera: {count} joins at once", $"{requests} key-frame requests; first frames after {string.Join(", ", joined.EnumerateArray())} ms");
        Assert.InRange(requests, 1, 3);
    }

    [NetworkFact("chromium")]
    public async Task ThreePercentLossOnTheCamerasWay_ViewersStillSeeTheFrames()
    {
        await using var onAir = await GoOnAirAsync();
        var (_, camera, browser) = onAir;
        await using var viewer = await WatchAsync(browser);
        Network.SetLoss("phone", "host", percent: 3);
        var (sent, seen) = ((await camera.GetStatsAsync()).GetProperty("framesEncoded").GetInt64(), (await viewer.GetStatsAsync()).GetProperty("framesDecoded").GetInt64());

        await viewer.WaitForDecodedAsync(frames: Measure.Enabled ? 1200 : 150);

        var stats = await viewer.GetStatsAsync();
        var share = (double)(stats.GetProperty("framesDecoded").GetInt64() - seen) / ((await camera.GetStatsAsync()).GetProperty("framesEncoded").GetInt64() - sent);
        var (arrived, dropped) = Network.ReadLoss("host");
        Figures.Add("Browser camera: 3 % loss on the publisher's leg", $"{dropped} of {arrived} packets dropped; {share:P1} of the frames decoded; {Figures.Describe(stats)}; {await DescribeSenderAsync(camera)}");
        Assert.NotEqual(0, dropped);
        Assert.True(share > (Measure.Enabled ? 0.95 : 0.9), $"Only {share:P1} of the frames were seen.");
    }
}
