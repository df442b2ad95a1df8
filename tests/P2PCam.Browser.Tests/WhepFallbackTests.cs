using P2PCam.Browser.Tests.Browsers;
using P2PCam.Browser.Tests.Hosts;
using P2PCam.TestKit.Networks;
using Xunit.Abstractions;

namespace P2PCam.Browser.Tests;

/// <summary>A browser that gets no WebSocket, as some phones do not to a host whose certificate was clicked through: it watches by plain requests.</summary>
[Collection("browsers")]
public sealed class WhepFallbackTests(ITestOutputHelper output) : IDisposable
{
    // Real WebSockets, to a port that nobody listens on; and what the page sends by fetch() is noted, also over reloads.
    private const string NoWebSockets = """
        (() => {
          window.WebSocket = class extends WebSocket { constructor() { super(`wss://${location.hostname}:3999/`); } };
          const real = window.fetch.bind(window);
          window.requests = JSON.parse(sessionStorage.getItem('requests') ?? '[]');
          window.fetch = async (input, options = {}) => {
            const line = [options.method ?? 'GET', new URL(input, location.href).pathname, options.headers?.Authorization ?? '-', 0];
            window.requests.push(line);
            const save = () => sessionStorage.setItem('requests', JSON.stringify(window.requests));
            save();
            const response = await real(input, options);
            line[3] = response.status;
            save();
            return response;
          };
        })();
        """;

    private static readonly Uri Address = new($"https://{TwoHostNetwork.HostAddress}:3000/");
    private static readonly string[] SmallTestPattern = ["--source", "test", "--size", "640x360", "--bitrate", "800k", "--no-qr"];
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("p2pcam-data-");

    public void Dispose() => _data.Delete(recursive: true);

    [NetworkFact("chromium")]
    public async Task WithoutWebSockets_ThePictureComesByWhep_EndsWithThePage_AndComesBackAfterARestartOfTheHost()
    {
        await using var network = TwoHostNetwork.Create();
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        await using var page = await browser.NewPageAsync();
        await page.AddScriptAsync(NoWebSockets);
        await using (var host = await LanCameraProcess.StartAsync(network.Host, _data.FullName, SmallTestPattern))
        {
            await page.OpenAsync(Address);
            await page.WaitForMovementAsync();
            output.WriteLine($"First frame by WHEP after {(await page.GetStatsAsync()).GetProperty("timeToFirstFrameMs").GetDouble():0} ms");
            Assert.Equal(["GET /signal - 426", "POST /whep/default - 201"], await RequestsAsync(page));
            Assert.Equal("Connected", (await page.EvaluateAsync("document.getElementById('badge').textContent")).GetString());

            // Leaving the page is heard at once, not when consent runs out.
            await page.OpenAsync(new Uri(Address, "healthz"));
            await host.WaitForLineAsync("- ");
            Assert.StartsWith("DELETE /whep/sessions/", (await RequestsAsync(page))[^1], StringComparison.Ordinal);
            await page.OpenAsync(Address);
            await page.WaitForMovementAsync();
            await host.KillAsync();
        }

        await page.WaitForStateAsync("reconnecting", "offline", "error");
        await using var restarted = await LanCameraProcess.StartAsync(network.Host, _data.FullName, SmallTestPattern);
        await page.WaitForStateAsync("live");
        await page.WaitForMovementAsync();
        Assert.Equal("201", (await RequestsAsync(page)).Last(line => line.StartsWith("POST", StringComparison.Ordinal)).Split(' ')[^1]);
    }

    [NetworkFact("chromium")]
    public async Task Pin_IsAskedForByWhepToo_AndTravelsAsBearer()
    {
        await using var network = TwoHostNetwork.Create();
        await using var host = await LanCameraProcess.StartAsync(network.Host, _data.FullName, [.. SmallTestPattern, "--pin", "471108"]);
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        await using var page = await browser.NewPageAsync();
        await page.AddScriptAsync(NoWebSockets);
        await page.OpenAsync(Address);
        await page.WaitForStateAsync("locked");
        await page.EvaluateAsync("(document.getElementById('pin-input').value = '471108', document.getElementById('pin').requestSubmit(), 1)");
        await page.WaitForMovementAsync();
        Assert.Equal(["GET /signal - 426", "POST /whep/default - 401", "POST /whep/default Bearer 471108 201"], await RequestsAsync(page));
    }

    private static async Task<string[]> RequestsAsync(ChromiumPage page)
    {
        var requests = await page.EvaluateAsync("JSON.parse(sessionStorage.getItem('requests'))");
        return [.. requests.EnumerateArray().Select(line => string.Join(' ', line.EnumerateArray().Select(part => part.ToString())))];
    }
}
