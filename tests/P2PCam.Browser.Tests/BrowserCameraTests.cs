using System.Diagnostics;
using P2PCam.Browser.Tests.Browsers;
using P2PCam.TestKit.Networks;
using Xunit.Abstractions;

namespace P2PCam.Browser.Tests;

/// <summary>Which browsers and which codecs: what one publishes, the others see.</summary>
[Collection("browsers")]
public sealed class BrowserCameraTests(ITestOutputHelper output) : BrowserCameraBed(output)
{
    private const string OnlyH264 = """
        (() => {
          const add = RTCPeerConnection.prototype.addTransceiver;
          RTCPeerConnection.prototype.addTransceiver = function (...all) {
            const transceiver = add.apply(this, all);
            transceiver.setCodecPreferences(RTCRtpSender.getCapabilities('video').codecs.filter(codec => codec.mimeType === 'video/H264'));
            return transceiver;
          };
        })();
        """;

    // The longest time between two frames that were shown.
    private const string WatchGaps = """
        (() => {
          const video = document.getElementById('video');
          window.gaps = { last: null, longest: 0, frames: 0 };
          const next = now => {
            if (gaps.last !== null) gaps.longest = Math.max(gaps.longest, now - gaps.last);
            gaps.last = now; gaps.frames++;
            video.requestVideoFrameCallback(next);
          };
          video.requestVideoFrameCallback(next);
          return 1;
        })()
        """;

    [NetworkFact("chromium,firefox-esr")]
    public async Task ChromiumPublishes_ThreeChromiumPagesAndFirefox_SeeThatMovingPicture()
    {
        var link = await StartHostAsync();
        await using var phone = await ChromiumBrowser.LaunchAsync(Network["phone"], more: Camera);
        await using var camera = await phone.NewPageAsync();
        await camera.OpenAsync(link);
        await camera.WaitForStateAsync("ready");
        await using var browser = await ChromiumBrowser.LaunchAsync(Network["viewer"]);
        await using var first = await browser.NewPageAsync();
        await first.OpenAsync(Address);
        await first.WaitForStateAsync("offline");

        // The viewer was there first: it sees the picture without touching anything.
        var clock = Stopwatch.StartNew();
        await camera.ClickAsync("#start");
        await camera.WaitForStateAsync("live");
        await UntilBitrateAsync(camera, 1e6);
        Figures.Add("Browser camera: publisher past 1 Mbit/s after", $"{clock.Elapsed.TotalSeconds:F1} s; {await DescribeSenderAsync(camera)}");
        await first.WaitForMovingPictureAsync("video", picture => picture.IsOrange);

        await using var second = await browser.NewPageAsync();
        await using var third = await browser.NewPageAsync();
        await using var firefox = await FirefoxBrowser.LaunchAsync(Network["viewer"]);
        await Task.WhenAll(second.OpenAsync(Address), third.OpenAsync(Address), firefox.OpenAsync(Address));
        IViewerPage[] viewers = [first, second, third, firefox];
        foreach (var viewer in viewers)
        {
            await viewer.WaitForMovingPictureAsync("video", picture => picture.IsOrange);
        }

        await UntilTextAsync(camera, "viewers", "4");
        var before = (await first.GetStatsAsync()).GetProperty("freezeCount").GetInt32();
        var (time, processor) = (Stopwatch.StartNew(), Host!.ProcessorTime);
        foreach (var viewer in viewers)
        {
            await viewer.EvaluateAsync(WatchGaps);
        }

        await first.WaitForDecodedAsync(frames: Measure.Enabled ? 1200 : 100);

        var perViewer = (Host.ProcessorTime - processor).TotalMilliseconds / time.Elapsed.TotalSeconds / viewers.Length;
        foreach (var viewer in viewers)
        {
            await viewer.WaitForMovingPictureAsync("video", picture => picture.IsOrange);
        }

        var stats = await first.GetStatsAsync();
        var gaps = await Task.WhenAll(viewers.Select(async viewer => (await viewer.EvaluateAsync("Math.round(window.gaps.longest)")).GetInt32()));
        Figures.Add("Browser camera (VP8), 3 Chromium and 1 Firefox", $"{time.Elapsed.TotalSeconds:F0} s, longest time between two frames {string.Join(", ", gaps)} ms; {perViewer:F1} ms of the host's CPU per viewer-second; {Figures.Describe(stats)}; {await DescribeSenderAsync(camera)}");
        await camera.ScreenshotAsync(Screenshot("camera-page.png"));
        await first.ScreenshotAsync(Screenshot("browser-camera-viewer.png"));
        if (Measure.Enabled)
        {
            Assert.Equal(before, stats.GetProperty("freezeCount").GetInt32());
        }
    }

    [NetworkFact("chromium")]
    public async Task H264_IsPassedOnAsItIs_WhereThisChromiumEncodesIt()
    {
        // The machine itself needs no link.
        await StartHostAsync();
        await using var phone = await ChromiumBrowser.LaunchAsync(Network["host"], more: Camera);
        await using var camera = await phone.NewPageAsync();
        await camera.AddScriptAsync(OnlyH264);
        await StartCameraAsync(camera, new Uri("https://localhost:3000/camera"));
        await using var browser = await ChromiumBrowser.LaunchAsync(Network["viewer"]);
        await using var first = await browser.NewPageAsync();
        await using var second = await browser.NewPageAsync();
        await using var third = await browser.NewPageAsync();
        ChromiumPage[] viewers = Measure.Enabled ? [first, second, third] : [first];
        foreach (var viewer in viewers)
        {
            await viewer.OpenAsync(Address);
            await viewer.WaitForMovingPictureAsync("video", picture => picture.IsOrange);
            await viewer.EvaluateAsync(WatchGaps);
        }

        await UntilTextAsync(camera, "codec", "H264");
        await first.WaitForDecodedAsync(frames: Measure.Enabled ? 1200 : 60);
        foreach (var viewer in viewers)
        {
            await viewer.WaitForMovingPictureAsync("video", picture => picture.IsOrange);
            Assert.Equal("video/H264", (await viewer.GetStatsAsync()).GetProperty("codec").GetString());
        }

        var gaps = await Task.WhenAll(viewers.Select(async viewer => (await viewer.EvaluateAsync("Math.round(window.gaps.longest)")).GetInt32()));
        Figures.Add($"Browser camera (H.264), {viewers.Length} Chromium", $"longest time between two frames {string.Join(", ", gaps)} ms; {Figures.Describe(await first.GetStatsAsync())}; {await DescribeSenderAsync(camera)}");
    }

    [NetworkFact("chromium")]
    public async Task ViewerThatCanDecodeH264Only_MakesTheCameraPageChange_WhileTheOtherViewerStays()
    {
        await using var onAir = await GoOnAirAsync();
        var (_, camera, browser) = onAir;
        await using var first = await WatchAsync(browser);
        await UntilTextAsync(camera, "codec", "VP8");
        var connection = await IdentifyAsync(first);

        await using var second = await browser.NewPageAsync();
        await second.AddScriptAsync(OnlyH264);
        await second.OpenAsync(Address);
        await second.WaitForMovingPictureAsync("video", picture => picture.IsOrange);
        await UntilTextAsync(camera, "codec", "H264");
        await first.WaitForMovingPictureAsync("video", picture => picture.IsOrange);
        Assert.True(await IsStillAsync(first, connection), "The viewer connected anew.");
    }

    [NetworkFact("chromium,firefox-esr")]
    public async Task FirefoxPublishes_ChromiumSeesThatMovingPicture()
    {
        // Firefox's own fake camera shows one colour at a time: a canvas stands for the camera.
        const string Camera = """
            (() => {
              const canvas = document.createElement('canvas'); canvas.width = 640; canvas.height = 360;
              const context = canvas.getContext('2d');
              setInterval(() => {
                context.fillStyle = 'rgb(230,140,60)'; context.fillRect(0, 0, 640, 360);
                context.fillStyle = 'white'; context.fillRect(performance.now() / 10 % 600, 0, 30, 100);
              }, 33);
              navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(30);
              document.getElementById('again').click();
              return 1;
            })()
            """;
        var link = await StartHostAsync();
        await using var camera = await FirefoxBrowser.LaunchAsync(Network["phone"]);
        await camera.OpenAsync(link);
        await camera.WaitForStateAsync("blocked"); // it has no camera
        await camera.EvaluateAsync(Camera);
        await camera.WaitForStateAsync("ready");
        await camera.EvaluateAsync("(document.getElementById('start').click(), 1)");
        await camera.WaitForStateAsync("live");

        await using var browser = await ChromiumBrowser.LaunchAsync(Network["viewer"]);
        await using var viewer = await WatchAsync(browser);
        await viewer.WaitForDecodedAsync(frames: 100);
        Figures.Add("Firefox is the camera", $"{Figures.Describe(await viewer.GetStatsAsync())}");
    }

    [NetworkFact("chromium")]
    public async Task SharedScreen_IsSeen_AndWhenSharingEnds_ThePageSaysSo()
    {
        const string Shared = """
            data:text/html,<title>Shared</title><body style="margin:0;background:rgb(230,140,60)">
            <div style="position:absolute;top:0;width:40px;height:30vh;background:white"></div>
            <script>setInterval(() => document.querySelector('div').style.left = performance.now() / 10 % 600 + 'px', 33)</script>
            """;
        var link = await StartHostAsync();
        await using var phone = await ChromiumBrowser.LaunchAsync(Network["phone"], more: "--auto-select-tab-capture-source-by-title=Shared");
        await using var camera = await phone.NewPageAsync();
        await using var shared = await camera.OpenTabAsync();
        await shared.OpenAsync(new Uri(Shared.ReplaceLineEndings("")));
        await camera.OpenAsync(link);
        await camera.WaitForStateAsync("blocked"); // there is no camera
        await camera.SelectAsync("#source", "screen");
        await camera.WaitForStateAsync("ready");
        await camera.ClickAsync("#start");
        await camera.WaitForStateAsync("live");

        await using var browser = await ChromiumBrowser.LaunchAsync(Network["viewer"]);
        await using var viewer = await WatchAsync(browser);
        await viewer.ScreenshotAsync(Screenshot("shared-screen.png"));

        await shared.CloseTabAsync();
        await UntilTextAsync(camera, "explanation", "Sharing the screen has ended.");
        await viewer.WaitForStateAsync("offline");
    }

    [NetworkFact("chromium")]
    public async Task SecondCamera_IsRefusedWithoutTheLink_AndTakesOverOnlyWhenToldTo()
    {
        var link = await StartHostAsync();
        await using var phone = await ChromiumBrowser.LaunchAsync(Network["phone"], more: Camera);
        await using var stranger = await phone.NewPageAsync();
        await stranger.OpenAsync(new Uri(Address, "camera"));
        await stranger.WaitForStateAsync("refused");
        Assert.False((await stranger.EvaluateAsync("fetch('/whip/default', { method: 'POST', headers: { 'Content-Type': 'application/sdp' }, body: 'v=0' }).then(response => response.ok)")).GetBoolean());
        await stranger.ScreenshotAsync(Screenshot("camera-stranger.png"));

        await using var first = await phone.NewPageAsync();
        await StartCameraAsync(first, link);
        await using var second = await phone.NewPageAsync();
        await second.OpenAsync(link);
        await second.WaitForStateAsync("ready");
        await second.ClickAsync("#start");
        await second.WaitForStateAsync("busy");
        Assert.Equal("live", await first.GetStateAsync());
        await second.ClickAsync("#takeover-yes");
        await second.WaitForStateAsync("live");
        await first.WaitForStateAsync("busy");
        await UntilTextAsync(first, "headline", "Another camera has taken over");
    }

    private static async Task UntilBitrateAsync(ChromiumPage camera, double least) => await camera.WaitAsync(
        async () => await NumberAsync(camera, "bitrate") > least, $"more than {least} bit/s", async () => await DescribeSenderAsync(camera));
}
