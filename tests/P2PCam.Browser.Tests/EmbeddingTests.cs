using P2PCam.Browser.Tests.Browsers;
using P2PCam.Browser.Tests.Hosts;
using P2PCam.Browser.Tests.TestBed;
using P2PCam.TestKit.Networks;

namespace P2PCam.Browser.Tests;

/// <summary>A page of another origin that shows the camera: by the script, and by the host's page in a frame.</summary>
[Collection("browsers")]
public sealed class EmbeddingTests : IDisposable
{
    private const string Html = """
        <!doctype html><meta charset="utf-8"><title>Intranet</title>
        <video id="video" muted playsinline autoplay></video>
        <iframe src="https://10.77.0.1:3000/s/default" allow="fullscreen; autoplay" width="640" height="400"></iframe>
        <script>onerror = () => true; addEventListener('error', event => { if (event.target.tagName === 'SCRIPT') document.documentElement.dataset.state = 'refused'; }, true);</script>
        <script type="module">
          import { watch } from 'https://10.77.0.1:3000/p2pcam.js';
          const viewer = watch(document.getElementById('video'), { stream: 'default' });
          window.p2pcam = { viewer };
          viewer.addEventListener('statechange', () => { document.documentElement.dataset.state = viewer.state; });
        </script>
        """;

    private const string NoWebSockets = "window.WebSocket = class extends WebSocket { constructor() { super(`wss://${location.hostname}:3999/`); } };";
    private static readonly Uri Host = new($"https://{TwoHostNetwork.HostAddress}:3000/");
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("p2pcam-data-");

    public void Dispose() => _data.Delete(recursive: true);

    [NetworkFact("chromium")]
    public async Task AllowedOrigin_ShowsThePicture_ByScript_InAFrame_AndWithoutWebSockets()
    {
        await using var network = TwoHostNetwork.Create();
        await using var intranet = LoopbackPage.Serve(network, Html);
        await using var host = await StartHostAsync(network, "--allow-origin", intranet.Address.GetLeftPart(UriPartial.Authority));
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        await using (var page = await browser.NewPageAsync())
        {
            await page.OpenAsync(intranet.Address);
            await page.WaitForStateAsync("live");
            await page.WaitForMovementAsync();
            await page.WaitAsync(async () => await page.FrameStateAsync(Host) == "live", "the picture in the frame", async () => await page.FrameStateAsync(Host) ?? "no frame");
        }

        await using var plain = await browser.NewPageAsync();
        await plain.AddScriptAsync(NoWebSockets);
        await plain.OpenAsync(intranet.Address);
        await plain.WaitForStateAsync("live");
        Assert.True((await plain.EvaluateAsync("window.p2pcam.viewer.isPlain")).GetBoolean());
        await plain.WaitForMovementAsync();
    }

    [NetworkFact("chromium")]
    public async Task ForeignOrigin_GetsNeitherScriptNorFrame()
    {
        await using var network = TwoHostNetwork.Create();
        await using var foreign = LoopbackPage.Serve(network, Html);
        await using var host = await StartHostAsync(network, "--allow-origin", "https://intranet.example.org");
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        await using var page = await browser.NewPageAsync();
        await page.OpenAsync(foreign.Address);
        await page.WaitForStateAsync("refused");
        Assert.Null(await page.FrameStateAsync(Host));
        Assert.Equal(0, host.CountLines("+ "));
    }

    private Task<LanCameraProcess> StartHostAsync(TwoHostNetwork network, params string[] more) =>
        LanCameraProcess.StartAsync(network.Host, _data.FullName, ["--source", "test", "--size", "640x360", "--bitrate", "800k", "--no-qr", .. more]);
}
