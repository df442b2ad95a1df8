using P2PCam.Browser.Tests.Browsers;
using P2PCam.Browser.Tests.Hosts;
using P2PCam.TestKit;
using P2PCam.TestKit.Networks;

namespace P2PCam.Browser.Tests;

/// <summary>The sample BrowserCall: two browsers on two computers see each other, judged by pixels. One camera sees orange, the other blue.</summary>
[Collection("browsers")]
public sealed class BrowserCallTests : IAsyncLifetime
{
    private const string HoldMessages = """
        (() => {
          const send = WebSocket.prototype.send, waiting = [];
          window.held = [];
          WebSocket.prototype.send = function (text) { window.held.push(JSON.parse(text).type); waiting.push(() => send.call(this, text)); };
          window.release = () => { WebSocket.prototype.send = send; waiting.forEach(go => go()); };
        })()
        """;

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("p2pcam-data-");
    private readonly FakeCapture _orange = new(y: 150, u: 80, v: 175);
    private readonly FakeCapture _blue = new(y: 90, u: 190, v: 100);
    private readonly SwitchedNetwork? _network = NetworkProbe.Reason is null ? SwitchedNetwork.Create("server", "alice", "bob") : null;

    private SwitchedNetwork Network => _network!;

    private Uri Address => new($"https://{Network.AddressOf("server")}:3200/");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await (_network?.DisposeAsync() ?? ValueTask.CompletedTask);
        _orange.Dispose();
        _blue.Dispose();
        _data.Delete(recursive: true);
    }

    [NetworkFact("chromium")]
    public async Task TwoBrowsers_SeeEachOther_AndAThirdIsRefusedInWords()
    {
        await using var server = await StartServerAsync();
        await using var orange = await ChromiumBrowser.LaunchAsync(Network["alice"], more: _orange.Arguments);
        await using var blue = await ChromiumBrowser.LaunchAsync(Network["bob"], more: _blue.Arguments);
        await using var alicePage = await orange.NewPageAsync();
        await using var bobPage = await blue.NewPageAsync();
        var (alice, bob) = (new CallPage(alicePage), new CallPage(bobPage));

        await alicePage.OpenAsync(Address);
        await alice.JoinAsync();
        await alicePage.WaitForStateAsync("waiting");
        await bobPage.OpenAsync(Address);
        await bob.JoinAsync();

        await alice.WaitForMovingPictureAsync("local", picture => picture.IsOrange);
        await alice.WaitForMovingPictureAsync("remote", picture => picture.IsBlue);
        await bob.WaitForMovingPictureAsync("local", picture => picture.IsBlue);
        await bob.WaitForMovingPictureAsync("remote", picture => picture.IsOrange);
        await alicePage.WaitForStateAsync("live");
        var shape = (await bob.LookAsync("remote"))!;
        Assert.Equal(640.0 / 360, (double)shape.Width / shape.Height, 0.02);
        await bobPage.ScreenshotAsync(Screenshot("browser-call.png"));

        await using var thirdPage = await blue.NewPageAsync();
        var third = new CallPage(thirdPage);
        await thirdPage.OpenAsync(Address);
        await third.JoinAsync();
        await thirdPage.WaitForStateAsync("full");
        Assert.Contains("Two people are in this call already", await third.TextAsync("headline"), StringComparison.Ordinal);
        await thirdPage.ScreenshotAsync(Screenshot("browser-call-full.png"));
        await alice.WaitForMovingPictureAsync("remote", picture => picture.IsBlue);
        await bob.WaitForMovingPictureAsync("remote", picture => picture.IsOrange);
    }

    [NetworkFact("chromium")]
    public async Task MuteAndCamera_ArePressedWhileTheyAreOff_AndTheWordsOverTheLastPictureCanBeRead()
    {
        await using var server = await StartServerAsync();
        await using var browser = await ChromiumBrowser.LaunchAsync(Network["alice"], more: _orange.Arguments);
        await using var page = await browser.NewPageAsync();
        await page.OpenAsync(Address);
        await new CallPage(page).JoinAsync();
        await page.WaitForStateAsync("waiting");
        foreach (var (id, name) in new[] { ("microphone", "Mute the microphone"), ("camera", "Turn the camera off") })
        {
            foreach (var pressed in new[] { "false", "true", "false" })
            {
                await page.WaitAsync(
                    async () => await AttributeAsync(page, id, "aria-pressed") == pressed, $"{id} pressed: {pressed}", () => AttributeAsync(page, id, "aria-pressed"));
                Assert.Equal(name, await AttributeAsync(page, id, "aria-label"));
                Assert.Equal(
                    pressed == "true" ? "block" : "none", (await page.EvaluateAsync($"getComputedStyle(document.querySelector('#{id} .slash')).display")).GetString());
                await page.ClickAsync($"#{id}");
            }
        }

        await page.EvaluateAsync("document.documentElement.dataset.state = 'reconnecting'");
        foreach (var dark in new[] { true, false })
        {
            await page.SetDarkAsync(dark);
            await page.WaitAsync(
                async () => Math.Abs(await OpacityAsync(page) - 0.34) < 0.005, "the dimmed picture", async () => $"opacity {await OpacityAsync(page)}");
            Assert.True(await page.WorstContrastAsync("#remote") >= 4.5);
        }
    }

    [NetworkFact("chromium")]
    public async Task ConnectionThatIsLost_LeavesTheLastPicture_Dimmed()
    {
        await using var server = await StartServerAsync();
        await using var orange = await ChromiumBrowser.LaunchAsync(Network["alice"], more: _orange.Arguments);
        await using var blue = await ChromiumBrowser.LaunchAsync(Network["bob"], more: _blue.Arguments);
        await using var alicePage = await orange.NewPageAsync();
        await using var bobPage = await blue.NewPageAsync();
        var (alice, bob) = (new CallPage(alicePage), new CallPage(bobPage));
        await CallAsync(alice, bob);

        Network.SetLink("bob", up: false);
        await alicePage.WaitForStateAsync("reconnecting");
        Assert.True((await alice.LookAsync("remote"))?.IsBlue);
        await alicePage.WaitAsync(
            async () => Math.Abs(await OpacityAsync(alicePage) - 0.34) < 0.005, "the dimmed picture", async () => $"opacity {await OpacityAsync(alicePage)} in state {await alicePage.GetStateAsync()}");
        await alicePage.ScreenshotAsync(Screenshot("browser-call-reconnecting.png"));
    }

    [NetworkFact("chromium")]
    public async Task LeavingAndComingBack_MakesANewCall()
    {
        await using var server = await StartServerAsync();
        await using var orange = await ChromiumBrowser.LaunchAsync(Network["alice"], more: _orange.Arguments);
        await using var blue = await ChromiumBrowser.LaunchAsync(Network["bob"], more: _blue.Arguments);
        await using var alicePage = await orange.NewPageAsync();
        await using var bobPage = await blue.NewPageAsync();
        var (alice, bob) = (new CallPage(alicePage), new CallPage(bobPage));
        await CallAsync(alice, bob);

        // The first to come leaves by the button: now the other is the one who begins.
        await alicePage.ClickAsync("#leave");
        await alicePage.WaitForStateAsync("left");
        await bobPage.WaitForStateAsync("waiting");
        Assert.Contains("has left", await bob.TextAsync("explanation"), StringComparison.Ordinal);
        await alicePage.ClickAsync("#join");
        await alice.WaitForMovingPictureAsync("remote", picture => picture.IsBlue);
        await bob.WaitForMovingPictureAsync("remote", picture => picture.IsOrange);

        // A reload is a leaving and coming back as well.
        await bobPage.OpenAsync(Address);
        await bob.JoinAsync();
        await alice.WaitForMovingPictureAsync("remote", picture => picture.IsBlue);
        await bob.WaitForMovingPictureAsync("remote", picture => picture.IsOrange);
    }

    [NetworkFact("chromium")]
    public async Task BothChangeWhatTheySendAtTheSameMoment_TheCallSurvives()
    {
        await using var server = await StartServerAsync();
        await using var orange = await ChromiumBrowser.LaunchAsync(Network["alice"], more: _orange.Arguments);
        await using var blue = await ChromiumBrowser.LaunchAsync(Network["bob"], more: _blue.Arguments);
        await using var alicePage = await orange.NewPageAsync();
        await using var bobPage = await blue.NewPageAsync();
        var (alice, bob) = (new CallPage(alicePage), new CallPage(bobPage));
        await CallAsync(alice, bob);

        // Cameras off and on again: each is an offer, and both sides make theirs without waiting for the other.
        for (var round = 0; round < 3; round++)
        {
            await Task.WhenAll(alicePage.ClickAsync("#camera"), bobPage.ClickAsync("#camera"));
            await WaitForRemoteCameraAsync(alicePage, "off");
            await WaitForRemoteCameraAsync(bobPage, "off");
            await Task.WhenAll(alicePage.ClickAsync("#camera"), bobPage.ClickAsync("#camera"));
            await alice.WaitForMovingPictureAsync("remote", picture => picture.IsBlue);
            await bob.WaitForMovingPictureAsync("remote", picture => picture.IsOrange);
        }

        // And certainly: both offers wait until both are made.
        var pages = new[] { alicePage, bobPage };
        var before = await Task.WhenAll(pages.Select(ReadIcePasswordAsync));
        foreach (var page in pages)
        {
            await page.EvaluateAsync(HoldMessages);
            await page.EvaluateAsync("window.call.peerConnection.restartIce()");
        }

        foreach (var page in pages)
        {
            await page.WaitAsync(async () => (await page.EvaluateAsync("window.held.includes('offer')")).GetBoolean(), "an offer", () => Task.FromResult("none"));
        }

        await Task.WhenAll(pages.Select(page => page.EvaluateAsync("window.release()")));
        foreach (var (page, old) in pages.Zip(before))
        {
            await page.WaitAsync(
                async () => (await page.EvaluateAsync("window.call.peerConnection.signalingState")).GetString() == "stable" && await ReadIcePasswordAsync(page) != old,
                "a negotiation that ended, of which something came",
                async () => (await page.EvaluateAsync("window.call.peerConnection.signalingState")).ToString());
        }

        await alice.WaitForMovingPictureAsync("remote", picture => picture.IsBlue);
        await bob.WaitForMovingPictureAsync("remote", picture => picture.IsOrange);
    }

    [NetworkFact("chromium")]
    public async Task CameraDenied_IsSaidInWords_AndTheCallGoesOnWithoutIt()
    {
        await using var server = await StartServerAsync();
        await using var orange = await ChromiumBrowser.LaunchAsync(Network["alice"], more: _orange.Arguments);
        await using var denied = await ChromiumBrowser.LaunchAsync(Network["bob"], more: ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream=deny"]);
        await using var alicePage = await orange.NewPageAsync();
        await using var bobPage = await denied.NewPageAsync();
        var (alice, bob) = (new CallPage(alicePage), new CallPage(bobPage));

        await bobPage.OpenAsync(Address);
        await bobPage.WaitForStateAsync("ready");
        Assert.Contains("was told not to let this page use camera", await bob.TextAsync("explanation"), StringComparison.Ordinal);
        await bobPage.ScreenshotAsync(Screenshot("browser-call-denied.png"));
        await bob.JoinAsync();
        await bobPage.WaitForStateAsync("waiting");
        await bobPage.ScreenshotAsync(Screenshot("browser-call-waiting.png"));
        await alicePage.OpenAsync(Address);
        await alice.JoinAsync();

        await bob.WaitForMovingPictureAsync("remote", picture => picture.IsOrange);
        await WaitForRemoteCameraAsync(alicePage, "off");
    }

    private static async Task WaitForRemoteCameraAsync(ChromiumPage page, string expected)
    {
        async Task<string> ReadAsync() => (await page.EvaluateAsync("document.documentElement.dataset.remoteCamera ?? ''")).GetString()!;
        await page.WaitAsync(async () => await ReadAsync() == expected, $"the other's camera to be {expected}", ReadAsync);
    }

    private static async Task<string> ReadIcePasswordAsync(ChromiumPage page) =>
        (await page.EvaluateAsync("/a=ice-pwd:(.*)/.exec(window.call.peerConnection.currentLocalDescription.sdp)[1]")).GetString()!;

    private static string Screenshot(string name) => Path.Combine(Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "screenshots")).FullName, name);

    private Task<SampleProcess> StartServerAsync() => SampleProcess.StartAsync(Network["server"], "Open", "BrowserCall", "--data-dir", _data.FullName);

    private async Task CallAsync(CallPage alice, CallPage bob)
    {
        await alice.Page.OpenAsync(Address);
        await alice.JoinAsync();
        await alice.Page.WaitForStateAsync("waiting");
        await bob.Page.OpenAsync(Address);
        await bob.JoinAsync();
        await alice.WaitForMovingPictureAsync("remote", picture => picture.IsBlue);
        await bob.WaitForMovingPictureAsync("remote", picture => picture.IsOrange);
    }

    private static async Task<string> AttributeAsync(ChromiumPage page, string id, string name) =>
        (await page.EvaluateAsync($"document.getElementById('{id}').getAttribute('{name}')")).GetString() ?? "";

    private static async Task<double> OpacityAsync(ChromiumPage page) => (await page.EvaluateAsync("Number(getComputedStyle(document.getElementById('remote')).opacity)")).GetDouble();
}
