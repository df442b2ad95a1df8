namespace P2PCam.Interop.Tests.Support;

/// <summary>A page in Debian's Chromium that offers its (fake) camera, and one connection that watches.</summary>
internal sealed class ChromiumPublisher : IAsyncDisposable
{
    private const string Script = """
        window.gathered = pc => pc.iceGatheringState === 'complete' ? 0 : new Promise(done => {
          pc.onicegatheringstatechange = () => pc.iceGatheringState === 'complete' && done();
          setTimeout(done, 3000);
        });
        window.offerOf = async pc => {
          await pc.setLocalDescription(await pc.createOffer());
          await gathered(pc);
          return pc.localDescription.sdp;
        };
        window.bundlePolicy = 'balanced';
        window.before = [];
        window.after = [];
        window.beside = (pc, kind) => kind === 'data' ? pc.createDataChannel('x') : pc.addTransceiver(kind);
        window.bundled = () => {
          const pc = new RTCPeerConnection({ bundlePolicy: window.bundlePolicy });
          window.before.forEach(kind => beside(pc, kind));
          return pc;
        };
        window.publish = async ({ codec, layers }) => {
          const all = RTCRtpSender.getCapabilities('video').codecs;
          const wanted = all.filter(c => c.mimeType === 'video/' + codec);
          if (!wanted.length) return null;
          const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 1280, height: 720, frameRate: 20 } });
          const pc = window.publisher = bundled();
          const sendEncodings = layers.map((rid, i) => ({ rid, scaleResolutionDownBy: 2 ** (layers.length - 1 - i) }));
          const t = pc.addTransceiver(stream.getVideoTracks()[0], { direction: 'sendonly', streams: [stream], ...(layers.length ? { sendEncodings } : {}) });
          t.setCodecPreferences([...wanted, ...all.filter(c => c.mimeType === 'video/rtx')]);
          window.after.forEach(kind => beside(pc, kind));
          return offerOf(pc);
        };
        window.watch = async () => {
          const pc = window.viewer = bundled();
          pc.addTransceiver('video', { direction: 'recvonly' });
          window.after.forEach(kind => beside(pc, kind));
          pc.ontrack = e => { const v = document.createElement('video'); v.muted = true; v.autoplay = true; v.srcObject = new MediaStream([e.track]); document.body.append(v); };
          return offerOf(pc);
        };
        window.restart = async name => {
          const pc = window[name];
          pc.restartIce();
          return offerOf(pc);
        };
        window.watched = async () => {
          const stats = await window.viewer.getStats();
          for (const s of stats.values()) {
            if (s.type === 'inbound-rtp' && s.kind === 'video') {
              return `${s.framesDecoded ?? 0} ${stats.get(s.codecId)?.mimeType ?? ''} ${s.frameWidth ?? 0}x${s.frameHeight ?? 0}`;
            }
          }
          return '0';
        };
        """;

    private readonly ChromiumPage _page;

    private ChromiumPublisher(ChromiumPage page) => _page = page;

    public static async Task<ChromiumPublisher> LaunchAsync()
    {
        var page = await ChromiumPage.LaunchAsync();
        await page.EvaluateAsync($"() => {{ {Script} }}");
        return new ChromiumPublisher(page);
    }

    /// <summary>What the next offers have beside the video, by kind, "data" for a channel, and how they bundle it.</summary>
    public Task SetBundleAsync(string policy, string[] before, string[] after) =>
        _page.EvaluateAsync("o => Object.assign(window, o)", new { bundlePolicy = policy, before, after });

    /// <summary>The offer to send; null when this browser cannot encode so.</summary>
    public Task<string?> PublishAsync(string codec, params string[] layers) => _page.EvaluateAsync<string?>("o => window.publish(o)", new { codec, layers });

    public Task<string> WatchAsync() => _page.EvaluateAsync<string>("() => window.watch()");

    /// <summary>The offer with new ICE credentials.</summary>
    /// <param name="connection">publisher or viewer.</param>
    public Task<string> RestartAsync(string connection) => _page.EvaluateAsync<string>("name => window.restart(name)", connection);

    /// <param name="connection">publisher or viewer.</param>
    /// <param name="answer">To its offer.</param>
    public Task AcceptAsync(string connection, string answer) =>
        _page.EvaluateAsync("o => window[o.connection].setRemoteDescription({ type: 'answer', sdp: o.answer })", new { connection, answer });

    /// <summary>Frames that the viewer decoded, their codec and size.</summary>
    public async Task<(int Frames, string Codec, string Size)> GetWatchedAsync()
    {
        var words = (await _page.EvaluateAsync<string>("() => window.watched()")).Split(' ');
        return (int.Parse(words[0], System.Globalization.CultureInfo.InvariantCulture), words.ElementAtOrDefault(1) ?? "", words.ElementAtOrDefault(2) ?? "");
    }

    public ValueTask DisposeAsync() => _page.DisposeAsync();
}
