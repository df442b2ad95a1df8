using System.Diagnostics;
using P2PCam.Browser.Tests.Browsers;
using P2PCam.Browser.Tests.Hosts;
using P2PCam.TestKit;
using P2PCam.TestKit.Networks;
using Xunit.Abstractions;

namespace P2PCam.Browser.Tests;

/// <summary>The main job: the sample on one host, a browser on another, judged by the pixels that the page shows.</summary>
[Collection("browsers")]
public sealed class LanCameraTests(ITestOutputHelper output) : IDisposable
{
    private const string FootageFile = "/usr/share/doc/opencv-doc/examples/data/vtest.avi";
    private static readonly Uri Address = new($"https://{TwoHostNetwork.HostAddress}:3000/");
    private static readonly string[] SmallTestPattern = ["--source", "test", "--size", "640x360", "--bitrate", "800k", "--no-qr"];
    private readonly Figures _figures = new(output);
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("p2pcam-data-");

    public void Dispose() => _data.Delete(recursive: true);

    [NetworkFact("chromium")]
    public async Task Chromium_OnAnotherHost_ShowsTheRightMovingPicture()
    {
        await using var network = TwoHostNetwork.Create();
        await using var host = await StartAsync(network);
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        await using var page = await browser.NewPageAsync();

        await page.OpenAsync(Address);
        await page.WaitForStateAsync("live");
        await page.WaitForMovementAsync(frames: Measure.Enabled ? 600 : 150);

        var sample = Assert.IsType<PictureSample>(await page.SampleAsync());
        Assert.Equal((640, 360), (sample.Width, sample.Height));
        AssertBar(sample, 16, (0, 192, 0), "the green bar");
        AssertBar(sample, 30, (0, 0, 192), "the blue bar");
        await page.ScreenshotAsync(Path.Combine(Artifacts(), "viewer-page.png"));
        _figures.Add("Test pattern", Figures.Describe(await page.GetStatsAsync()));
        await host.WaitForLineAsync("+ ");
    }

    [NetworkFact("firefox-esr")]
    public async Task Firefox_OnAnotherHost_ShowsTheRightMovingPicture()
    {
        await using var network = TwoHostNetwork.Create();
        await using var host = await StartAsync(network);
        await using var page = await FirefoxBrowser.LaunchAsync(network.Viewer);

        await page.OpenAsync(Address);
        await page.WaitForStateAsync("live");
        await page.WaitForMovementAsync(frames: Measure.Enabled ? 600 : 150);

        _figures.Add("Test pattern in Firefox", Figures.Describe(await page.GetStatsAsync()));
        await page.ScreenshotAsync(Path.Combine(Artifacts(), "viewer-page-firefox.png"));
    }

    [NetworkFact("chromium")]
    public async Task ThreeViewersAtOnce_AllSeeThePicture()
    {
        await using var network = TwoHostNetwork.Create();
        await using var host = await StartAsync(network);
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        await using var first = await browser.NewPageAsync();
        await using var second = await browser.NewPageAsync();
        await using var third = await browser.NewPageAsync();
        ChromiumPage[] pages = [first, second, third];

        await Task.WhenAll(pages.Select(page => page.OpenAsync(Address)));
        foreach (var page in pages)
        {
            await page.WaitForMovementAsync();
        }
    }

    [NetworkFact("chromium")]
    public async Task BrowserThatShowsItsAddresses_Connects()
    {
        await using var network = TwoHostNetwork.Create();
        await using var host = await StartAsync(network);
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer, hideAddresses: false);
        await using var page = await browser.NewPageAsync();

        await page.OpenAsync(Address);
        await page.WaitForMovementAsync();
    }

    [NetworkFact("chromium")]
    public async Task BrowserWithoutAnyCandidate_Connects()
    {
        await using var network = TwoHostNetwork.Create(viewerHasDefaultRoute: false, multicast: false);
        await using var host = await StartAsync(network);
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        await using var page = await browser.NewPageAsync();

        await page.OpenAsync(Address);
        await page.WaitForMovementAsync();
        var offer = (await page.EvaluateAsync("window.p2pcam.peerConnection.localDescription.sdp")).GetString();
        Assert.DoesNotContain("a=candidate", offer, StringComparison.Ordinal);
    }

    [NetworkFact("chromium")]
    public async Task PlainHttpOnTheSamePort_RedirectsToHttps_AndServesWhenAskedTo()
    {
        await using var network = TwoHostNetwork.Create();
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        await using var page = await browser.NewPageAsync();
        var plain = new Uri($"http://{TwoHostNetwork.HostAddress}:3000/");
        await using (await StartAsync(network))
        {
            await page.OpenAsync(plain);
            Assert.Equal("https:", (await page.EvaluateAsync("location.protocol")).GetString());
            await page.WaitForMovementAsync();
        }

        await using (await StartAsync(network, "--http"))
        {
            await page.OpenAsync(plain);
            Assert.Equal("http:", (await page.EvaluateAsync("location.protocol")).GetString());
            await page.WaitForMovementAsync();
        }
    }

    [NetworkFact("chromium")]
    public async Task BroadcasterKilledAndRestarted_ThePictureComesBackByItself()
    {
        await using var network = TwoHostNetwork.Create();
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        await using var page = await browser.NewPageAsync();
        await using (var host = await StartAsync(network))
        {
            await page.OpenAsync(Address);
            await page.WaitForMovementAsync();
            await host.KillAsync();
        }

        await page.WaitForStateAsync("reconnecting", "offline");
        await using var restarted = await StartAsync(network);
        await page.WaitForStateAsync("live");
        await page.WaitForMovementAsync();
    }

    [NetworkFact("chromium")]
    public async Task BroadcasterInterrupted_SaysGoodbye_AndThePictureComesBackByItself()
    {
        await using var network = TwoHostNetwork.Create();
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        await using var page = await browser.NewPageAsync();
        await using (var host = await StartAsync(network))
        {
            await page.OpenAsync(Address);
            await page.WaitForMovementAsync();
            Assert.Equal(0, await host.InterruptAsync());
        }

        await page.WaitForStateAsync("offline");
        await using var restarted = await StartAsync(network);
        await page.WaitForStateAsync("live");
        await page.WaitForMovementAsync();
    }

    [NetworkFact("chromium")]
    public async Task FivePercentLossEachWay_TheVideoKeepsMoving()
    {
        await using var network = TwoHostNetwork.Create();
        network.SetLoss(5);
        await using var host = await StartAsync(network);
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        await using var page = await browser.NewPageAsync();
        await page.OpenAsync(Address);
        await page.WaitForMovementAsync();
        var (first, before) = ((await page.SampleAsync())!.FrameNumber, (await page.GetStatsAsync()).GetProperty("framesDecoded").GetInt64());

        await page.WaitForMovementAsync(frames: Measure.Enabled ? 1800 : 300);

        var (last, after) = ((await page.SampleAsync())!.FrameNumber, (await page.GetStatsAsync()).GetProperty("framesDecoded").GetInt64());
        var share = (double)(after - before) / (last - first)!.Value;
        var (seen, dropped) = TwoHostNetwork.ReadLoss(network.Viewer);
        var stats = await page.GetStatsAsync();
        _figures.Add("5 % loss each way: frames decoded of those sent", $"{share:P1} of {last - first} (dropped {dropped} of {seen} packets; {Figures.Describe(stats)})");
        Assert.True(share > 0.9, $"Only {share:P1} of the frames were decoded.");
    }

    [NetworkFact("chromium")]
    public async Task BrowserKilled_IsGoneAfterThirtySeconds()
    {
        await using var network = TwoHostNetwork.Create();
        await using var host = await StartAsync(network);
        await using (var browser = await ChromiumBrowser.LaunchAsync(network.Viewer))
        {
            await using var page = await browser.NewPageAsync();
            await page.OpenAsync(Address);
            await page.WaitForMovementAsync();
            await host.WaitForLineAsync("+ ");
            network.Viewer.KillProcesses();
        }

        var clock = Stopwatch.StartNew();
        await host.WaitForLineAsync("- ");
        _figures.Add("Browser killed, viewer gone after", $"{clock.Elapsed.TotalSeconds:F1} s");
        // Consent lasts 30 s (RFC 7675); the rest is room for a busy machine.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"The viewer was gone only after {clock.Elapsed}.");
    }

    [NetworkFact("chromium,ffmpeg", FootageFile)]
    public async Task FileWithRealFootage_IsShownAndMoves()
    {
        await using var network = TwoHostNetwork.Create();
        await using var host = await LanCameraProcess.StartAsync(network.Host, _data.FullName, "--source", $"file:{FootageFile}", "--size", "1280x720", "--fps", "25", "--no-qr");
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        await using var page = await browser.NewPageAsync();
        await page.OpenAsync(Address);
        await page.WaitForStateAsync("live");
        await page.WaitForDecodedAsync(frames: 25);
        var (first, before) = ((await page.SampleAsync())!, await page.GetStatsAsync());

        await page.WaitForDecodedAsync(frames: Measure.Enabled ? 1500 : 250);

        var (last, after) = ((await page.SampleAsync())!, await page.GetStatsAsync());
        var (difference, frame) = Footage.FindIn(FootageFile, last);
        _figures.Add("Real footage, 1280x720 at 25 fps", $"{Figures.Describe(after)}; freezes before the count began {before.GetProperty("freezeCount")}; like frame {frame}, difference {difference:F1}");
        await page.ScreenshotAsync(Path.Combine(Artifacts(), "real-footage.png"));
        Assert.Equal("live", await page.GetStateAsync());
        Assert.Equal((1280, 720), (last.Width, last.Height));
        Assert.True(first.DifferenceTo(last) > 0.5, "The picture did not change.");
        Assert.True(difference < 12, $"The picture is unlike every frame of the file: the nearest, {frame}, differs by {difference:F1} on average.");
        Assert.Equal(before.GetProperty("freezeCount").GetInt32(), after.GetProperty("freezeCount").GetInt32());
    }

    [NetworkFact("chromium")]
    public async Task PageLoads_ShowTheFirstFrameSoon()
    {
        await using var network = TwoHostNetwork.Create();
        await using var host = await StartAsync(network);
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        var times = new List<double>();
        for (var i = 0; i < (Measure.Enabled ? 20 : 3); i++)
        {
            await using var page = await browser.NewPageAsync();
            await page.OpenAsync(Address);
            await page.WaitForStateAsync("live");
            times.Add((await page.GetStatsAsync()).GetProperty("timeToFirstFrameMs").GetDouble());
        }

        times.Sort();
        double Rank(double share) => times[(int)Math.Ceiling(times.Count * share) - 1];
        _figures.Add($"Join to first frame, {times.Count} loads", $"p50 {Rank(0.5):0} ms, p95 {Rank(0.95):0} ms, longest {times[^1]:0} ms");
        Assert.All(times, time => Assert.InRange(time, 1, 30_000));
    }

    // The ball may cross one of two places that are far apart, and never both.
    private static void AssertBar(PictureSample sample, int x, (int R, int G, int B) expected, string what) =>
        Assert.True(IsNear(sample.At(x, 1), expected) || IsNear(sample.At(x, 7), expected), $"{what} is {sample.At(x, 1)} and {sample.At(x, 7)}, not {expected}.");

    private static bool IsNear((byte R, byte G, byte B) actual, (int R, int G, int B) expected) =>
        Math.Abs(actual.R - expected.R) < 40 && Math.Abs(actual.G - expected.G) < 40 && Math.Abs(actual.B - expected.B) < 40;

    private static string Artifacts() => Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "screenshots")).FullName;

    private Task<LanCameraProcess> StartAsync(TwoHostNetwork network, params string[] more) => LanCameraProcess.StartAsync(network.Host, _data.FullName, [.. SmallTestPattern, .. more]);
}
