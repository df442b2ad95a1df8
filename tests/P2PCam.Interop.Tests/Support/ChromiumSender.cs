namespace P2PCam.Interop.Tests.Support;

/// <summary>A page in Debian's Chromium that answers an offer with its (fake) camera.</summary>
internal sealed class ChromiumSender : IAsyncDisposable
{
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

    private readonly ChromiumPage _page;

    private ChromiumSender(ChromiumPage page) => _page = page;

    public static async Task<ChromiumSender> LaunchAsync() => new(await ChromiumPage.LaunchAsync());

    public Task<string> AnswerAsync(string offer, int width, int height, string setup) =>
        _page.EvaluateAsync<string>(Script, new { offer, width, height, setup });

    /// <summary>What the browser thinks the path can take, in bits per second; 0 while it does not know.</summary>
    public Task<double> GetAvailableBitrateAsync() => _page.EvaluateAsync<double>(
        "async () => { let most = 0; (await window.pc.getStats()).forEach(s => { most = Math.max(most, s.availableOutgoingBitrate ?? 0); }); return most; }");

    public Task CloseConnectionAsync() => _page.EvaluateAsync("() => window.pc.close()");

    public ValueTask DisposeAsync() => _page.DisposeAsync();
}
