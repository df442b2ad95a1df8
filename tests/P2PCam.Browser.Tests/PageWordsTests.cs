using P2PCam.Browser.Tests.Browsers;
using P2PCam.Browser.Tests.Hosts;
using P2PCam.TestKit;
using P2PCam.TestKit.Networks;

namespace P2PCam.Browser.Tests;

/// <summary>What the viewer page says when there is no picture: the right thing, readable, and with a way on.</summary>
[Collection("browsers")]
public sealed class PageWordsTests : IDisposable
{
    private static readonly Uri Address = new($"https://{TwoHostNetwork.HostAddress}:3000/");
    private static readonly string[] Arguments = ["--source", "test", "--size", "640x360", "--bitrate", "800k", "--no-qr"];
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("p2pcam-data-");

    public void Dispose() => _data.Delete(recursive: true);

    [NetworkFact("chromium")]
    public async Task NameThatNothingGoesBy_IsNotCalledOffline_AndTheCamerasThatThereAreAreLinked()
    {
        await using var network = TwoHostNetwork.Create();
        await using var host = await LanCameraProcess.StartAsync(network.Host, _data.FullName, [.. Arguments, "--stream", "door"]);
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        await using var page = await browser.NewPageAsync(390, 844);
        foreach (var path in new[] { "", "s/garden" })
        {
            await page.OpenAsync(new Uri(Address, path));
            await page.WaitForStateAsync("offline");
            Assert.Equal("No such camera", await TextAsync(page, "headline"));
            Assert.Contains($"“{(path.Length == 0 ? "default" : "garden")}”", await TextAsync(page, "explanation"), StringComparison.Ordinal);
            Assert.DoesNotContain("is back", await TextAsync(page, "notice"), StringComparison.Ordinal);
        }

        await page.ScreenshotAsync(Screenshot("no-such-camera.png"));
        await page.ClickAsync("#others a");
        await page.WaitForMovementAsync();
        Assert.EndsWith("/s/door", (await page.EvaluateAsync("location.pathname")).GetString(), StringComparison.Ordinal);
    }

    [NetworkFact("chromium")]
    public async Task ScriptThatDoesNotArrive_IsSaidSo_AndThePageLoadsAgainByItself()
    {
        await using var network = TwoHostNetwork.Create();
        await using var host = await LanCameraProcess.StartAsync(network.Host, _data.FullName, Arguments);
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        foreach (var script in new[] { "**/viewer.js", "**/session.js" })
        {
            await using var page = await browser.NewPageAsync();
            await page.BlockAsync(script);
            await page.OpenAsync(Address);
            await page.WaitForStateAsync("error");
            Assert.Equal("The page did not load", await TextAsync(page, "headline"));
            await page.ScreenshotAsync(Screenshot("script-missing.png"));
            await page.UnblockAsync(script);
            await page.WaitForStateThroughLoadsAsync("live");
        }

        await using var bare = await browser.NewPageAsync();
        await bare.BlockAsync("**/*.js");
        await bare.OpenAsync(Address);
        await bare.WaitAsync(
            async () => (await bare.EvaluateAsync("getComputedStyle(document.getElementById('stuck')).visibility")).GetString() == "visible", "words without any script", () => TextAsync(bare, "notice"));
    }

    [NetworkFact("chromium")]
    public async Task BrowserThatIsTooOld_IsToldSo()
    {
        await using var network = TwoHostNetwork.Create();
        await using var host = await LanCameraProcess.StartAsync(network.Host, _data.FullName, Arguments);
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        foreach (var path in new[] { "", "camera" })
        {
            // One that knows modules and not the newer language in them.
            await using (var page = await browser.NewPageAsync())
            {
                await page.ReplaceScriptAsync(path.Length == 0 ? "**/session.js" : "**/capture.js", "export class Session { @field = 1 }");
                await page.OpenAsync(new Uri(Address, path));
                await page.WaitForStateAsync("error");
                Assert.Equal("This browser is too old", await TextAsync(page, "headline"));
            }

            // One that knows no modules at all, and so runs none.
            await using (var page = await browser.NewPageAsync())
            {
                await page.AddScriptAsync("delete HTMLScriptElement.prototype.noModule");
                await page.ReplaceScriptAsync(path.Length == 0 ? "**/viewer.js" : "**/camera.js", "");
                await page.OpenAsync(new Uri(Address, path));
                await page.WaitForStateAsync("error");
                Assert.Equal("This browser is too old", await TextAsync(page, "headline"));
                Assert.Contains("current Chrome", await TextAsync(page, "explanation"), StringComparison.Ordinal);
                await page.ScreenshotAsync(Screenshot($"too-old{path}.png"));
            }
        }
    }

    [NetworkFact("chromium")]
    public async Task Reconnecting_KeepsTheLastPicture_AndItsWordsCanBeRead()
    {
        await using var network = TwoHostNetwork.Create();
        await using var host = await LanCameraProcess.StartAsync(network.Host, _data.FullName, Arguments);
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        await using var page = await browser.NewPageAsync();
        await page.OpenAsync(Address);
        await page.WaitForMovementAsync();
        await host.KillAsync();
        await page.WaitForStateAsync("reconnecting");
        Assert.NotNull((await page.SampleAsync())?.FrameNumber);
        foreach (var (name, width, height, dark) in new[] { ("phone", 390, 844, false), ("desktop", 1280, 800, true), ("desktop", 1280, 800, false) })
        {
            await page.ResizeAsync(width, height);
            await page.SetDarkAsync(dark);
            await page.WaitAsync(
                async () => Math.Abs((await page.EvaluateAsync("Number(getComputedStyle(document.getElementById('video')).opacity)")).GetDouble() - 0.34) < 0.005, "the dimmed picture", () => page.GetStateAsync());
            await page.WaitAsync(async () => await FilterAsync(page) == "saturate(0.7)", "a picture that is not blurred", () => FilterAsync(page));
            var contrast = await page.WorstContrastAsync("#video");
            Assert.True(contrast >= 4.5, $"{name}: {contrast:0.0}:1");
            await page.ScreenshotAsync(Screenshot($"reconnecting-{name}-{(dark ? "dark" : "light")}.png"));
        }
    }

    private static async Task<string> TextAsync(IViewerPage page, string id) => (await page.EvaluateAsync($"document.getElementById('{id}').textContent")).GetString()!;

    private static async Task<string> FilterAsync(IViewerPage page) => (await page.EvaluateAsync("getComputedStyle(document.getElementById('video')).filter")).GetString()!;

    private static string Screenshot(string name) => Path.Combine(Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "screenshots")).FullName, name);
}
