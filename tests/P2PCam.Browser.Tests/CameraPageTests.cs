using P2PCam.Browser.Tests.Browsers;
using P2PCam.Browser.Tests.Hosts;
using P2PCam.TestKit;
using P2PCam.TestKit.Networks;

namespace P2PCam.Browser.Tests;

/// <summary>The page that makes a browser the camera, as its user meets it, at a host that says what each test wants.</summary>
[Collection("browsers")]
public sealed class CameraPageTests : IAsyncLifetime
{
    private static readonly string[] Camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
    private static readonly Uri Address = new($"https://{TwoHostNetwork.HostAddress}:3000/camera");
    private static readonly string[] SmallTestPattern = ["--source", "test", "--size", "320x180", "--fps", "5", "--no-qr"];
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("p2pcam-data-");
    private TwoHostNetwork _network = null!;
    private LanCameraProcess? _host;
    private ChromiumBrowser? _browser;

    public Task InitializeAsync()
    {
        if (NetworkProbe.Reason is null)
        {
            _network = TwoHostNetwork.Create();
        }

        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await (_browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_host?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_network?.DisposeAsync() ?? ValueTask.CompletedTask);
        _data.Delete(recursive: true);
    }

    [NetworkFact("chromium")]
    public async Task Start_GoesOnAir_ShowsTheNumbers_AndStopEndsTheSession()
    {
        await using var page = await OpenAsync();
        await page.WaitForStateAsync("ready");
        await ShootAsync(page, "ready");
        await page.ClickAsync("#start");
        await page.WaitForStateAsync("live");
        await UntilTextAsync(page, "codec", text => text != "–");
        await UntilTextAsync(page, "viewers", text => text == "2");
        await UntilTextAsync(page, "bitrate", text => text.EndsWith("bit/s", StringComparison.Ordinal) && text != "0 kbit/s");
        Assert.Equal("https://192.168.1.20:3000/", (await page.EvaluateAsync("document.querySelector('#links a').href")).GetString());
        Assert.Equal("Stop", await TextAsync(page, "start"));
        await ShootAsync(page, "live");

        // Another size goes through the connection that is there.
        await page.EvaluateAsync("(window.first = window.p2pcam.peerConnection, 1)");
        await page.SelectAsync("#resolution", "640x360");
        await UntilTextAsync(page, "size", text => text == "640 × 360");
        Assert.True((await page.EvaluateAsync("window.first === window.p2pcam.peerConnection")).GetBoolean());
        Assert.Equal(["POST /whip/default -"], await LogAsync(page));

        await page.ClickAsync("#start");
        await page.WaitForStateAsync("ready");
        Assert.Equal(["POST /whip/default -", "DELETE 1"], await LogAsync(page));
    }

    [NetworkFact("chromium")]
    public async Task AnotherCameraOnAir_IsTakenOverOnlyIfSomebodySaysSo()
    {
        await using var page = await OpenAsync(token: "secret");
        Assert.DoesNotContain("secret", (await page.EvaluateAsync("location.href")).GetString());
        await page.WaitForStateAsync("ready");
        await SetModeAsync(page, "busy");
        await page.ClickAsync("#start");
        await page.WaitForStateAsync("busy");
        Assert.True(await IsAskedAsync(page), "Nobody was asked.");
        await ShootAsync(page, "takeover");
        await page.ClickAsync("#takeover-no");
        Assert.Equal("busy", await page.GetStateAsync());
        Assert.Equal(["POST /whip/default Bearer secret"], await LogAsync(page));

        await page.ClickAsync("#start");
        await page.ClickAsync("#takeover-yes");
        await page.WaitForStateAsync("live");
        Assert.Equal("POST /whip/default?takeover=1 Bearer secret", (await LogAsync(page))[^1]);

        // Now another one takes over: this page says so, and neither fights nor asks by itself.
        await page.EvaluateAsync("host.drop()");
        await page.WaitForStateAsync("busy");
        Assert.Equal("Another camera has taken over", await TextAsync(page, "headline"));
        Assert.False(await IsAskedAsync(page), "The page asked by itself.");
        await ShootAsync(page, "taken-over");
    }

    [NetworkFact("chromium")]
    public async Task HostAway_TheSessionOfBeforeIsEnded_AndThePictureComesBackByItself()
    {
        await using var page = await OpenAsync();
        await GoLiveAsync(page);
        await SetModeAsync(page, "away");
        await page.EvaluateAsync("host.drop()");
        await page.WaitForStateAsync("reconnecting");
        await UntilTextAsync(page, "explanation", text => text == "The host does not answer. Trying again.");
        await ShootAsync(page, "reconnecting");
        await SetModeAsync(page, "take");
        await page.WaitForStateAsync("live");
        Assert.Equal(["POST /whip/default -", "DELETE 1", "POST /whip/default -"], await LogAsync(page));
    }

    [NetworkFact("chromium")]
    public async Task PageOpenedAgain_IsBackOnAirWithoutAClick_AfterEndingWhatAKilledOneLeft()
    {
        await using var page = await OpenAsync();
        await GoLiveAsync(page);

        // As if killed: no goodbye is heard.
        await page.EvaluateAsync("(addEventListener('pagehide', event => event.stopImmediatePropagation(), { capture: true }), host.delete = () => new Response(null, { status: 204 }), 1)");
        await page.OpenAsync(Address);
        await page.WaitForStateAsync("live");
        var log = await LogAsync(page);
        Assert.Equal(["DELETE 1", "POST /whip/default -"], log[^2..]);

        // While a page is on air, another of the same browser leaves its session alone.
        await using var other = await page.OpenTabAsync();
        await other.AddScriptAsync(FakeWhip.Script);
        await other.OpenAsync(Address);
        await other.WaitForStateAsync("live");
        Assert.Equal(["POST /whip/default -"], await LogAsync(other));
    }

    [NetworkFact("chromium")]
    public async Task CameraUnplugged_EndsTheSession_AndWhenItIsBack_SoIsThePicture()
    {
        await using var page = await OpenAsync();
        await GoLiveAsync(page);
        await page.EvaluateAsync("window.p2pcam.peerConnection.getSenders()[0].track.dispatchEvent(new Event('ended'))");
        await page.WaitForStateAsync("waiting");
        Assert.Equal("DELETE 1", (await LogAsync(page))[^1]);
        await ShootAsync(page, "waiting");
        await page.EvaluateAsync("navigator.mediaDevices.dispatchEvent(new Event('devicechange'))");
        await page.WaitForStateAsync("live");
    }

    [NetworkFact("chromium")]
    public async Task NotPermitted_IsSaid_AndNotTriedAgain()
    {
        await using var page = await OpenAsync();
        await page.WaitForStateAsync("ready");
        await SetModeAsync(page, "forbid");
        await page.WaitForStateAsync("refused");
        await UntilTextAsync(page, "explanation", text => text.StartsWith("Only the computer that runs P2PCam", StringComparison.Ordinal));
        Assert.True((await page.EvaluateAsync("document.getElementById('start').hidden")).GetBoolean());
        await ShootAsync(page, "refused");
        await SetModeAsync(page, "take");
        await page.ClickAsync("#again");
        await page.WaitForStateAsync("ready");
        Assert.Empty(await LogAsync(page));
    }

    [NetworkFact("chromium")]
    public async Task CameraDenied_OrNoHttps_TellsWhatToDo()
    {
        await using var page = await OpenAsync(["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream=deny"], "--http");
        await page.WaitForStateAsync("blocked");
        Assert.Equal("The camera is not allowed", await TextAsync(page, "headline"));
        Assert.Contains("sign left of the address", await TextAsync(page, "explanation"), StringComparison.Ordinal);
        await ShootAsync(page, "denied");

        await page.OpenAsync(new Uri($"http://{TwoHostNetwork.HostAddress}:3000/camera"));
        await page.WaitForStateAsync("blocked");
        Assert.Equal("HTTPS is needed", await TextAsync(page, "headline"));
        Assert.Equal(Address.ToString(), (await page.EvaluateAsync("document.getElementById('https').href")).GetString());
        await ShootAsync(page, "insecure");
    }

    private static async Task GoLiveAsync(ChromiumPage page)
    {
        await page.WaitForStateAsync("ready");
        await page.ClickAsync("#start");
        await page.WaitForStateAsync("live");
    }

    private static Task SetModeAsync(ChromiumPage page, string mode) => page.EvaluateAsync($"host.set('{mode}')");

    private static async Task<string[]> LogAsync(ChromiumPage page) => [.. (await page.EvaluateAsync("host.log")).EnumerateArray().Select(line => line.GetString()!)];

    private static async Task<bool> IsAskedAsync(ChromiumPage page) => (await page.EvaluateAsync("document.getElementById('takeover').open")).GetBoolean();

    private static async Task<string> TextAsync(ChromiumPage page, string id) => (await page.EvaluateAsync($"document.getElementById('{id}').textContent")).GetString()!;

    private static Task UntilTextAsync(ChromiumPage page, string id, Func<string, bool> isRight) =>
        page.WaitAsync(async () => isRight(await TextAsync(page, id)), $"the right text in #{id}", () => TextAsync(page, id));

    /// <summary>For people to look at: a window and a phone, light and dark. The tests only look at the words.</summary>
    private static async Task ShootAsync(ChromiumPage page, string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "screenshots")).FullName;
        await page.ScreenshotAsync(Path.Combine(folder, $"camera-{name}.png"));
        if (!Measure.Enabled)
        {
            return;
        }

        await page.SetDarkAsync(true);
        await page.ScreenshotAsync(Path.Combine(folder, $"camera-{name}-dark.png"));
        await page.ResizeAsync(390, 844);
        await page.ScreenshotAsync(Path.Combine(folder, $"camera-{name}-phone-dark.png"));
        await page.SetDarkAsync(false);
        await page.ScreenshotAsync(Path.Combine(folder, $"camera-{name}-phone.png"));
        await page.ResizeAsync(1280, 800);
    }

    private Task<ChromiumPage> OpenAsync(string? token = null) => OpenAsync(Camera, token is null ? Address : new Uri(Address, $"camera#token={token}"));

    private Task<ChromiumPage> OpenAsync(string[] browserArguments, params string[] hostArguments) => OpenAsync(browserArguments, Address, hostArguments);

    private async Task<ChromiumPage> OpenAsync(string[] browserArguments, Uri address, params string[] hostArguments)
    {
        _host = await LanCameraProcess.StartAsync(_network.Host, _data.FullName, [.. SmallTestPattern, .. hostArguments]);
        _browser = await ChromiumBrowser.LaunchAsync(_network.Viewer, more: browserArguments);
        var page = await _browser.NewPageAsync();
        await page.AddScriptAsync(FakeWhip.Script);
        await page.OpenAsync(address);
        return page;
    }
}
