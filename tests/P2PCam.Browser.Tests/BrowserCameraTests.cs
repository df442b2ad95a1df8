using System.Diagnostics;
using System.Globalization;
using P2PCam.Browser.Tests.Browsers;
using P2PCam.Browser.Tests.Hosts;
using P2PCam.TestKit;
using P2PCam.TestKit.Networks;
using Xunit.Abstractions;

namespace P2PCam.Browser.Tests;

/// <summary>
/// A browser is the camera, others watch, judged by pixels: the camera sees orange noise with a white bar that walks through it. Host, camera and viewers are
/// three computers.
/// </summary>
[Collection("browsers")]
public sealed class BrowserCameraTests(ITestOutputHelper output) : IAsyncLifetime
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

    private readonly Figures _figures = new(output);
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("p2pcam-data-");
    private readonly FakeCapture _camera = new(y: 150, u: 80, v: 175, noise: 40);
    private readonly SwitchedNetwork? _network = NetworkProbe.Reason is null ? SwitchedNetwork.Create("host", "phone", "viewer") : null;
    private LanCameraProcess? _host;

    private SwitchedNetwork Network => _network!;

    private Uri Address => new($"https://{Network.AddressOf("host")}:3000/");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await (_host?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_network?.DisposeAsync() ?? ValueTask.CompletedTask);
        _camera.Dispose();
        _data.Delete(recursive: true);
    }

    [NetworkFact("chromium,firefox-esr")]
    public async Task ChromiumPublishes_ThreeChromiumPagesAndFirefox_SeeThatMovingPicture()
    {
        var link = await StartHostAsync();
        await using var phone = await ChromiumBrowser.LaunchAsync(Network["phone"], more: _camera.Arguments);
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
        _figures.Add("Browser camera: publisher past 1 Mbit/s after", $"{clock.Elapsed.TotalSeconds:F1} s; {await DescribeSenderAsync(camera)}");
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
        var (time, processor) = (Stopwatch.StartNew(), _host!.ProcessorTime);
        foreach (var viewer in viewers)
        {
            await viewer.EvaluateAsync(WatchGaps);
        }

        await first.WaitForDecodedAsync(frames: Measure.Enabled ? 1200 : 100);

        var perViewer = (_host.ProcessorTime - processor).TotalMilliseconds / time.Elapsed.TotalSeconds / viewers.Length;
        foreach (var viewer in viewers)
        {
            await viewer.WaitForMovingPictureAsync("video", picture => picture.IsOrange);
        }

        var stats = await first.GetStatsAsync();
        var gaps = await Task.WhenAll(viewers.Select(async viewer => (await viewer.EvaluateAsync("Math.round(window.gaps.longest)")).GetInt32()));
        _figures.Add("Browser camera (VP8), 3 Chromium and 1 Firefox", $"{time.Elapsed.TotalSeconds:F0} s, longest time between two frames {string.Join(", ", gaps)} ms; {perViewer:F1} ms of the host's CPU per viewer-second; {Figures.Describe(stats)}; {await DescribeSenderAsync(camera)}");
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
        await using var phone = await ChromiumBrowser.LaunchAsync(Network["host"], more: _camera.Arguments);
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
        _figures.Add($"Browser camera (H.264), {viewers.Length} Chromium", $"longest time between two frames {string.Join(", ", gaps)} ms; {Figures.Describe(await first.GetStatsAsync())}; {await DescribeSenderAsync(camera)}");
    }

    [NetworkFact("chromium")]
    public async Task PageClosedAndReopened_AndProcessKilledAndRestarted_CameraOffline_ThenThePictureIsBackByItself()
    {
        var link = await StartHostAsync();
        var profile = _data.CreateSubdirectory("profile");
        await using var browser = await ChromiumBrowser.LaunchAsync(Network["viewer"]);
        await using var viewer = await browser.NewPageAsync();
        await using (var phone = await ChromiumProfile.LaunchAsync(Network["phone"], profile, _camera.Arguments))
        {
            var camera = await phone.NewPageAsync();
            await StartCameraAsync(camera, link);
            await viewer.OpenAsync(Address);
            await viewer.WaitForMovingPictureAsync("video", picture => picture.IsOrange);
            var connection = await IdentifyAsync(viewer);

            var clock = Stopwatch.StartNew();
            await camera.CloseTabAsync();
            await viewer.WaitForStateAsync("offline");
            _figures.Add("Browser camera: page closed, viewers hear it after", $"{clock.Elapsed.TotalSeconds:F1} s");

            // Opened again, and nobody presses anything on either side.
            camera = await phone.NewPageAsync();
            await camera.OpenAsync(link);
            await viewer.WaitForMovingPictureAsync("video", picture => picture.IsOrange);
            Assert.True(await IsStillAsync(viewer, connection), "The viewer connected anew.");

            clock.Restart();
            Network["phone"].KillProcesses();
            await viewer.WaitForStateAsync("offline");
            _figures.Add("Browser camera: process killed, viewers hear it after", $"{clock.Elapsed.TotalSeconds:F1} s");
        }

        await using var again = await ChromiumProfile.LaunchAsync(Network["phone"], profile, _camera.Arguments);
        var reopened = await again.NewPageAsync();
        await reopened.OpenAsync(link);
        await viewer.WaitForMovingPictureAsync("video", picture => picture.IsOrange);
    }

    [NetworkFact("chromium")]
    public async Task CamerasNetworkCutForTenSeconds_CameraOffline_ThenThePictureIsBackByItself()
    {
        var link = await StartHostAsync();
        await using var phone = await ChromiumBrowser.LaunchAsync(Network["phone"], more: _camera.Arguments);
        await using var camera = await phone.NewPageAsync();
        await StartCameraAsync(camera, link);
        await using var browser = await ChromiumBrowser.LaunchAsync(Network["viewer"]);
        await using var viewer = await browser.NewPageAsync();
        await viewer.OpenAsync(Address);
        await viewer.WaitForMovingPictureAsync("video", picture => picture.IsOrange);
        var connection = await IdentifyAsync(viewer);

        var clock = Stopwatch.StartNew();
        Network.SetLink("phone", up: false);
        await viewer.WaitForStateAsync("offline");
        _figures.Add("Browser camera: network cut, viewers hear it after", $"{clock.Elapsed.TotalSeconds:F1} s");
        await camera.WaitForStateAsync("reconnecting");
        await viewer.WaitAsync(() => Task.FromResult(clock.Elapsed > TimeSpan.FromSeconds(10)), "the cut to last 10 s", () => Task.FromResult($"{clock.Elapsed}"));
        Network.SetLink("phone", up: true);
        clock.Restart();
        await viewer.WaitForMovingPictureAsync("video", picture => picture.IsOrange);
        _figures.Add("Browser camera: network there again, picture back after", $"{clock.Elapsed.TotalSeconds:F1} s");
        await camera.WaitForStateAsync("live");
        Assert.True(await IsStillAsync(viewer, connection), "The viewer connected anew.");
    }

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
        var link = await StartHostAsync();
        await using var phone = await ChromiumBrowser.LaunchAsync(Network["phone"], more: _camera.Arguments);
        await using var camera = await phone.NewPageAsync();
        await StartCameraAsync(camera, link);
        await using var browser = await ChromiumBrowser.LaunchAsync(Network["viewer"]);
        var times = new List<double>();
        for (var i = 0; i < (Measure.Enabled ? 20 : 2); i++)
        {
            await using var page = await browser.NewPageAsync();
            await page.OpenAsync(Address);
            await page.WaitForStateAsync("live");
            times.Add((await page.GetStatsAsync()).GetProperty("timeToFirstFrameMs").GetDouble());
        }

        times.Sort();
        _figures.Add($"Browser camera: join to first frame, {times.Count} loads", $"p50 {times[times.Count / 2]:0} ms, p95 {times[(int)Math.Ceiling(times.Count * 0.95) - 1]:0} ms");

        await using var crowd = await browser.NewPageAsync();
        await crowd.OpenAsync(new Uri(Address, "healthz"));
        var count = Measure.Enabled ? 20 : 6;
        var before = (await camera.GetStatsAsync()).GetProperty("pliCount").GetInt32();
        var joined = await crowd.EvaluateAsync($"({Crowd})({count})");
        var requests = (await camera.GetStatsAsync()).GetProperty("pliCount").GetInt32() - before;
        _figures.Add($"Browser camera: {count} joins at once", $"{requests} key-frame requests; first frames after {string.Join(", ", joined.EnumerateArray())} ms");
        Assert.InRange(requests, 1, 3);
    }

    [NetworkFact("chromium")]
    public async Task ViewerThatCanDecodeH264Only_MakesTheCameraPageChange_WhileTheOtherViewerStays()
    {
        var link = await StartHostAsync();
        await using var phone = await ChromiumBrowser.LaunchAsync(Network["phone"], more: _camera.Arguments);
        await using var camera = await phone.NewPageAsync();
        await StartCameraAsync(camera, link);
        await using var browser = await ChromiumBrowser.LaunchAsync(Network["viewer"]);
        await using var first = await browser.NewPageAsync();
        await first.OpenAsync(Address);
        await first.WaitForMovingPictureAsync("video", picture => picture.IsOrange);
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
        await using var viewer = await browser.NewPageAsync();
        await viewer.OpenAsync(Address);
        await viewer.WaitForMovingPictureAsync("video", picture => picture.IsOrange);
        await viewer.WaitForDecodedAsync(frames: 100);
        _figures.Add("Firefox is the camera", $"{Figures.Describe(await viewer.GetStatsAsync())}");
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
        await using var viewer = await browser.NewPageAsync();
        await viewer.OpenAsync(Address);
        await viewer.WaitForMovingPictureAsync("video", picture => picture.IsOrange);
        await viewer.ScreenshotAsync(Screenshot("shared-screen.png"));

        await shared.CloseTabAsync();
        await UntilTextAsync(camera, "explanation", "Sharing the screen has ended.");
        await viewer.WaitForStateAsync("offline");
    }

    [NetworkFact("chromium")]
    public async Task ThreePercentLossOnTheCamerasWay_ViewersStillSeeTheFrames()
    {
        var link = await StartHostAsync();
        await using var phone = await ChromiumBrowser.LaunchAsync(Network["phone"], more: _camera.Arguments);
        await using var camera = await phone.NewPageAsync();
        await StartCameraAsync(camera, link);
        await using var browser = await ChromiumBrowser.LaunchAsync(Network["viewer"]);
        await using var viewer = await browser.NewPageAsync();
        await viewer.OpenAsync(Address);
        await viewer.WaitForMovingPictureAsync("video", picture => picture.IsOrange);
        Network.SetLoss("phone", "host", percent: 3);
        var (sent, seen) = ((await camera.GetStatsAsync()).GetProperty("framesEncoded").GetInt64(), (await viewer.GetStatsAsync()).GetProperty("framesDecoded").GetInt64());

        await viewer.WaitForDecodedAsync(frames: Measure.Enabled ? 1200 : 150);

        var stats = await viewer.GetStatsAsync();
        var share = (double)(stats.GetProperty("framesDecoded").GetInt64() - seen) / ((await camera.GetStatsAsync()).GetProperty("framesEncoded").GetInt64() - sent);
        var (arrived, dropped) = Network.ReadLoss("host");
        _figures.Add("Browser camera: 3 % loss on the publisher's leg", $"{dropped} of {arrived} packets dropped; {share:P1} of the frames decoded; {Figures.Describe(stats)}; {await DescribeSenderAsync(camera)}");
        Assert.NotEqual(0, dropped);
        Assert.True(share > (Measure.Enabled ? 0.95 : 0.9), $"Only {share:P1} of the frames were seen.");
    }

    [NetworkFact("chromium")]
    public async Task SecondCamera_IsRefusedWithoutTheLink_AndTakesOverOnlyWhenToldTo()
    {
        var link = await StartHostAsync();
        await using var phone = await ChromiumBrowser.LaunchAsync(Network["phone"], more: _camera.Arguments);
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

    private static string Screenshot(string name) => Path.Combine(Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "screenshots")).FullName, name);

    private static async Task UntilBitrateAsync(ChromiumPage camera, double least) => await camera.WaitAsync(
        async () => await NumberAsync(camera, "bitrate") > least, $"more than {least} bit/s", async () => await DescribeSenderAsync(camera));

    private static async Task<double> NumberAsync(ChromiumPage page, string name) => (await page.GetStatsAsync()).TryGetProperty(name, out var value) && value.TryGetDouble(out var number) ? number : 0;

    private static async Task<string> DescribeSenderAsync(ChromiumPage camera)
    {
        var stats = await camera.GetStatsAsync();
        string Text(string name) => stats.TryGetProperty(name, out var value) ? value.ToString() : "?";
        double Number(string name) => stats.TryGetProperty(name, out var value) && value.ValueKind == System.Text.Json.JsonValueKind.Number ? value.GetDouble() : 0;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"publisher {Text("codec")} by {Text("encoder")}, {Text("width")}x{Text("height")} @{Number("framesPerSecond"):F0}, {Number("bitrate") / 1e6:F2} Mbit/s, availableOutgoingBitrate {Number("availableBitrate") / 1e6:F2} Mbit/s, limited by {Text("limitedBy")}, PLIs {Text("pliCount")}, NACKs {Text("nackCount")}");
    }

    private static async Task UntilTextAsync(ChromiumPage page, string id, string expected)
    {
        async Task<string> ReadAsync() => (await page.EvaluateAsync($"document.getElementById('{id}').textContent")).GetString()!;
        await page.WaitAsync(async () => await ReadAsync() == expected, $"'{expected}' in #{id}", ReadAsync);
    }

    private static async Task<string> IdentifyAsync(ChromiumPage viewer) => (await viewer.EvaluateAsync("(window.before = window.p2pcam.peerConnection, window.p2pcam.peerId)")).GetString()!;

    private static async Task<bool> IsStillAsync(ChromiumPage viewer, string peerId) =>
        (await viewer.EvaluateAsync($"window.before === window.p2pcam.peerConnection && window.p2pcam.peerId === '{peerId}'")).GetBoolean();

    private static async Task StartCameraAsync(ChromiumPage camera, Uri link)
    {
        await camera.OpenAsync(link);
        await camera.WaitForStateAsync("ready");
        await camera.ClickAsync("#start");
        await camera.WaitForStateAsync("live");
    }

    /// <summary>Starts the sample; returns the link that makes a phone the camera.</summary>
    private async Task<Uri> StartHostAsync()
    {
        _host = await LanCameraProcess.StartAsync(Network["host"], _data.FullName, "--browser-camera", "--no-qr");
        var line = await _host.WaitForLineAsync("         or on a phone");
        return new Uri(line[line.IndexOf("https://", StringComparison.Ordinal)..]);
    }
}
