namespace P2PCam.Browser.Tests.Browsers;

/// <summary>
/// A host for the camera page that says what the test wants: <c>host.post</c>, <c>host.delete</c> and <c>host.status</c> answer in the place of fetch(). Offers are
/// answered by a real connection in the page itself. Everything else of the page is real. It remembers across reloads of the tab what the test told it.
/// </summary>
internal static class FakeWhip
{
    public const string Script = """
        (() => {
          const real = window.fetch.bind(window);
          const answer = (status, text = '', headers = {}) => new Response(status === 204 ? null : text, { status, headers });
          const refuse = (status, code, words) => answer(status, JSON.stringify({ status, title: code, detail: words, code }), { 'Content-Type': 'application/problem+json' });
          const saved = JSON.parse(sessionStorage.getItem('fake-host') ?? '{}');
          const host = window.host = {
            log: saved.log ?? [], mode: saved.mode ?? 'take', viewers: 2, publisher: null, sessions: new Map(), next: saved.next ?? 1, refuse,
            save() { sessionStorage.setItem('fake-host', JSON.stringify({ log: host.log, mode: host.mode, next: host.next })); },
            say(line) { host.log.push(line); host.save(); },
            set(mode) { host.mode = mode; host.save(); },
            // The host closes what it has, as one that was ended does.
            drop() { for (const connection of host.sessions.values()) connection.close(); host.sessions.clear(); },
            async post(url, options) {
              host.say(`POST ${url.pathname}${url.search} ${options.headers.Authorization ?? '-'}`);
              if (host.mode === 'busy' && !url.searchParams.has('takeover')) return refuse(409, 'P2P3000', 'Another camera is on air.');
              if (host.mode === 'forbid') return refuse(403, 'P2P3108', 'This token is for another role.');
              const connection = new RTCPeerConnection();
              await connection.setRemoteDescription({ type: 'offer', sdp: options.body });
              await connection.setLocalDescription(await connection.createAnswer());
              await new Promise(done => { connection.onicegatheringstatechange = () => connection.iceGatheringState === 'complete' && done(); setTimeout(done, 1000); });
              const id = host.next++;
              host.sessions.set(String(id), connection);
              host.save();
              return answer(201, connection.localDescription.sdp, { Location: `/whip/sessions/${id}`, 'Content-Type': 'application/sdp' });
            },
            delete(url) {
              const id = url.pathname.split('/').pop();
              host.say(`DELETE ${id}`);
              host.sessions.get(id)?.close();
              return answer(host.sessions.delete(id) ? 200 : 404);
            },
            status() {
              if (host.mode === 'forbid') return refuse(401, 'P2P3104', 'This camera needs a link that was made for it.');
              return answer(200, JSON.stringify({ state: 'live', viewers: host.viewers, mayPublish: true, publisher: host.sessions.size > 0 ? { codec: 'VP8' } : null,
                watch: ['https://192.168.1.20:3000/', 'https://desk.local:3000/'] }));
            },
          };
          window.fetch = async (input, options = {}) => {
            const url = new URL(input, location.href), path = url.pathname;
            if (!path.startsWith('/whip') && !path.endsWith('/status')) return real(input, options);
            if (host.mode === 'away') throw new TypeError('Failed to fetch');
            const response = path.endsWith('/status') ? host.status() : options.method === 'DELETE' ? host.delete(url) : await host.post(url, options);
            Object.defineProperty(response, 'url', { value: url.href });
            return response;
          };
        })();
        """;
}
