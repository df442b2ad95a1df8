using P2PCam.Browser.Tests.Browsers;
using P2PCam.Browser.Tests.Hosts;
using P2PCam.TestKit.Networks;

namespace P2PCam.Browser.Tests;

/// <summary>Who may watch, as people meet it on the page: a PIN, a link that was shared, a link that is no good.</summary>
[Collection("browsers")]
public sealed class AccessTests : IDisposable
{
    private static readonly Uri Address = new($"https://{TwoHostNetwork.HostAddress}:3000/");
    private static readonly string[] Arguments = ["--source", "test", "--size", "640x360", "--bitrate", "800k", "--no-qr", "--pin", "471108", "--share", "1h"];
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("p2pcam-data-");

    public void Dispose() => _data.Delete(recursive: true);

    [NetworkFact("chromium")]
    public async Task Pin_IsAskedFor_SaysWhenItIsWrong_AndIsKeptForTheTab()
    {
        await using var network = TwoHostNetwork.Create();
        await using var host = await LanCameraProcess.StartAsync(network.Host, _data.FullName, Arguments);
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        await using var page = await browser.NewPageAsync();

        await page.OpenAsync(Address);
        await page.WaitForStateAsync("locked");
        Assert.Equal("PIN needed", await TextAsync(page, "headline"));
        Assert.Equal("", await TextAsync(page, "pin-error"));
        await TypePinAsync(page, "000000");
        await UntilAsync(async () => await TextAsync(page, "pin-error") == "That is not the PIN.");
        await TypePinAsync(page, "471108");
        await page.WaitForStateAsync("live");
        await page.WaitForMovementAsync();
        Assert.True((await page.EvaluateAsync("document.getElementById('pin').hidden")).GetBoolean());

        await page.OpenAsync(Address);
        await page.WaitForStateAsync("live", "locked");
        Assert.Equal("live", await page.GetStateAsync());
    }

    [NetworkFact("chromium")]
    public async Task SharedLink_OpensWithoutThePin_LeavesTheAddressBar_AndABrokenOneSaysSo()
    {
        await using var network = TwoHostNetwork.Create();
        await using var host = await LanCameraProcess.StartAsync(network.Host, _data.FullName, Arguments);
        var link = (await host.WaitForLineAsync("Share")).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        await using (var page = await browser.NewPageAsync())
        {
            await page.OpenAsync(new Uri(link));
            await page.WaitForMovementAsync();
            Assert.DoesNotContain("token", (await page.EvaluateAsync("location.href")).GetString());
        }

        await using var other = await browser.NewPageAsync();
        await other.OpenAsync(new Uri(link[..^3]));
        await other.WaitForStateAsync("error");
        Assert.StartsWith("This link is not valid", await TextAsync(other, "explanation"));
        Assert.True((await other.EvaluateAsync("document.getElementById('pin').hidden")).GetBoolean());
    }

    [NetworkFact("chromium")]
    public async Task IceServersOfTheWelcome_AreInTheConnectionThatOffers()
    {
        // A welcome as from a host with a TURN server.
        const string Watch = """
            (async () => {
              window.WebSocket = class extends WebSocket {
                set onmessage(handler) {
                  super.onmessage = handler && (event => handler({ data: event.data.includes('"type":"welcome"')
                    ? event.data.replace('{', '{"iceServers":[{"urls":["turn:192.0.2.1:3478"],"username":"u","credential":"c"}],') : event.data }));
                }
              };
              const video = document.createElement('video');
              video.muted = true;
              document.body.append(video);
              const { watch } = await import('/p2pcam.js');
              window.relayed = watch(video, { relay: true });
              window.early = window.relayed.peerConnection !== null;
            })()
            """;
        await using var network = TwoHostNetwork.Create();
        await using var host = await LanCameraProcess.StartAsync(network.Host, _data.FullName, Arguments[..^4]);
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        await using var page = await browser.NewPageAsync();
        await page.OpenAsync(Address);
        await page.WaitForStateAsync("live");
        Assert.Equal("false", (await page.EvaluateAsync("document.documentElement.dataset.relay")).GetString());

        await page.EvaluateAsync(Watch);
        await UntilAsync(async () => (await page.EvaluateAsync("window.relayed.state")).GetString() == "live");
        Assert.False((await page.EvaluateAsync("window.early")).GetBoolean());
        Assert.Equal("u c", (await page.EvaluateAsync("(({ username, credential }) => `${username} ${credential}`)(window.relayed.peerConnection.getConfiguration().iceServers[0])")).GetString());
    }

    private static async Task<string> TextAsync(IViewerPage page, string id) => (await page.EvaluateAsync($"document.getElementById('{id}').textContent")).GetString()!;

    private static Task TypePinAsync(IViewerPage page, string pin) =>
        page.EvaluateAsync($"(() => {{ document.getElementById('pin-input').value = '{pin}'; document.getElementById('pin').requestSubmit(); return 1; }})()");

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (!await condition())
        {
            await Task.Delay(50, limit.Token);
        }
    }
}
