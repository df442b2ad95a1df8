using Microsoft.Playwright;

namespace P2PCam.Interop.Tests.Support;

/// <summary>A page in Debian's Chromium that answers an offer with its (fake) camera.</summary>
internal sealed class ChromiumSender : IAsyncDisposable
{
    // The browser itself serves this page: a secure origin, without which there is no camera.
    private const string Address = "https://sender.test/";

    private const string Script = """
        async ({ offer, width, height, setup }) => {
          const stream = await navigator.mediaDevices.getUserMedia({ video: { width, height, frameRate: 20 } });
          const pc = window.pc = new RTCPeerConnection();
          await pc.setRemoteDescription({ type: 'offer', sdp: offer });
          pc.addTrack(stream.getVideoTracks()[0], stream);
          const answer = await pc.createAnswer();
          await pc.setLocalDescription({ type: 'answer', sdp: answer.sdp.replaceAll('a=setup:active', 'a=setup:' + setup) });
          if (pc.iceGatheringState !== 'complete') {
            await new Promise(done => { pc.onicegatheringstatechange = () => pc.iceGatheringState === 'complete' && done(); setTimeout(done, 3000); });
          }
          return pc.localDescription.sdp;
        }
        """;

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly IPage _page;

    private ChromiumSender(IPlaywright playwright, IBrowser browser, IPage page) => (_playwright, _browser, _page) = (playwright, browser, page);

    public static async Task<ChromiumSender> LaunchAsync()
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            ChromiumSandbox = false,
            Args =
            [
                "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
            ],
        });
        var page = await browser.NewPageAsync();
        await page.RouteAsync("**/*", route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/html", Body = "<!doctype html><title>Sender</title>" }));
        await page.GotoAsync(Address);
        return new ChromiumSender(playwright, browser, page);
    }

    public Task<string> AnswerAsync(string offer, int width, int height, string setup) =>
        _page.EvaluateAsync<string>(Script, new { offer, width, height, setup });

    /// <summary>What the browser thinks the path can take, in bits per second; 0 while it does not know.</summary>
    public Task<double> GetAvailableBitrateAsync() => _page.EvaluateAsync<double>(
        "async () => { let most = 0; (await window.pc.getStats()).forEach(s => { most = Math.max(most, s.availableOutgoingBitrate ?? 0); }); return most; }");

    public Task CloseConnectionAsync() => _page.EvaluateAsync("() => window.pc.close()");

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
