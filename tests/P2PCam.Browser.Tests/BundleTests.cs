using P2PCam.Browser.Tests.Browsers;
using P2PCam.Browser.Tests.Hosts;
using P2PCam.TestKit.Networks;

namespace P2PCam.Browser.Tests;

/// <summary>Players that ask for sound as well, in front of the picture and in one bundle: their transport is that of the sound, which nobody sends.</summary>
[Collection("browsers")]
public sealed class BundleTests : IDisposable
{
    // A player of a few lines, as their users write them: it watches by WHEP and gives the frames that it decoded.
    private const string Player = """
        (async ({ policy, before, after }) => {
          const pc = new RTCPeerConnection({ bundlePolicy: policy });
          const add = kind => kind === 'data' ? pc.createDataChannel('x') : pc.addTransceiver(kind, { direction: 'recvonly' });
          [...before, 'video', ...after].forEach(add);
          pc.ontrack = e => { const v = document.createElement('video'); v.muted = true; v.autoplay = true; v.srcObject = new MediaStream([e.track]); document.body.append(v); };
          await pc.setLocalDescription();
          await new Promise(done => { pc.onicegatheringstatechange = () => pc.iceGatheringState === 'complete' && done(); setTimeout(done, 3000); });
          const response = await fetch('/whep', { method: 'POST', headers: { 'Content-Type': 'application/sdp' }, body: pc.localDescription.sdp });
          if (response.status !== 201) return await response.text();
          try {
            await pc.setRemoteDescription({ type: 'answer', sdp: await response.text() });
          } catch (e) {
            return `${e}`;
          }
          const decoded = async () => [...(await pc.getStats()).values()].find(s => s.type === 'inbound-rtp' && s.kind === 'video')?.framesDecoded ?? 0;
          for (let i = 0; i < 400 && await decoded() < 10; i++) await new Promise(done => setTimeout(done, 50));
          const result = await decoded() >= 10 ? 'shown' : `${await decoded()} frames, ${pc.connectionState}`;
          pc.close();
          return result;
        })
        """;

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("p2pcam-data-");

    public void Dispose() => _data.Delete(recursive: true);

    [NetworkFact("chromium")]
    public async Task Chromium_WithSoundInFront_SeesThePicture()
    {
        await using var network = TwoHostNetwork.Create();
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        await using var page = await browser.NewPageAsync();
        await AssertShownAsync(network, page, page.OpenAsync);
    }

    [NetworkFact("firefox-esr")]
    public async Task Firefox_WithSoundInFront_SeesThePicture()
    {
        await using var network = TwoHostNetwork.Create();
        await using var page = await FirefoxBrowser.LaunchAsync(network.Viewer);
        await AssertShownAsync(network, page, page.OpenAsync);
    }

    private async Task AssertShownAsync(TwoHostNetwork network, IViewerPage page, Func<Uri, Task> open)
    {
        await using var host = await LanCameraProcess.StartAsync(network.Host, _data.FullName, "--source", "test", "--size", "640x360", "--bitrate", "800k", "--no-qr");
        await open(new Uri($"https://{TwoHostNetwork.HostAddress}:3000/healthz"));
        foreach (var policy in new[] { "max-bundle", "balanced", "max-compat" })
        {
            foreach (var media in new[] { "before: ['audio'], after: []", "before: [], after: ['audio', 'data']", "before: ['data', 'audio'], after: []" })
            {
                var result = (await page.EvaluateAsync($"{Player}({{ policy: '{policy}', {media} }})")).GetString();
                Assert.True(result == "shown", $"{policy}, {media}: {result}");
            }
        }
    }
}
