using System.Net;
using System.Net.Sockets;
using System.Text;
using P2PCam.TestKit.Networks;

namespace P2PCam.Browser.Tests.TestBed;

/// <summary>
/// A page without the product: it draws the code strip on a canvas, sends it through two peer connections of its own and shows what arrives in
/// <c>#video</c>. What the judges say of it must be true, else they are worth nothing on the product's page.
/// </summary>
internal sealed class LoopbackPage : IAsyncDisposable
{
    // window.bed.run stops and starts the counting (the picture is still sent), window.bed.broken spoils the checksum.
    private const string Html = """
        <!doctype html><meta charset="utf-8"><title>Test bed</title><video id="video" muted playsinline autoplay></video>
        <script>
        const canvas = document.createElement('canvas'); canvas.width = 640; canvas.height = 360;
        const context = canvas.getContext('2d');
        window.bed = { run: true, broken: false, number: 0x0a5c00 };
        function draw() {
          const n = bed.run ? ++bed.number : bed.number, h = canvas.height, top = h - Math.max(16, Math.floor(h / 12));
          const check = (((n >> 16) + (n >> 8) + n) & 0xff) ^ (bed.broken ? 0x5b : 0x5a);
          const bits = '10' + n.toString(2).padStart(24, '0') + check.toString(2).padStart(8, '0');
          context.fillStyle = '#00c000'; context.fillRect(0, 0, 320, top);
          context.fillStyle = '#0000c0'; context.fillRect(320, 0, 320, top);
          for (let k = 0; k < 34; k++) {
            context.fillStyle = bits[k] === '1' ? '#fff' : '#000';
            const x = Math.floor(k * canvas.width / 34);
            context.fillRect(x, top, Math.floor((k + 1) * canvas.width / 34) - x, h - top);
          }
        }
        setInterval(draw, 50); draw();
        const a = new RTCPeerConnection(), b = new RTCPeerConnection();
        a.onicecandidate = e => b.addIceCandidate(e.candidate); b.onicecandidate = e => a.addIceCandidate(e.candidate);
        window.p2pcam = { peerConnection: b };
        b.ontrack = e => { video.srcObject = e.streams[0]; };
        const video = document.getElementById('video');
        video.onplaying = () => { document.documentElement.dataset.state = 'live'; };
        const stream = canvas.captureStream(20); a.addTrack(stream.getVideoTracks()[0], stream);
        (async () => {
          await a.setLocalDescription(); await b.setRemoteDescription(a.localDescription);
          await b.setLocalDescription(); await a.setRemoteDescription(b.localDescription);
        })();
        </script>
        """;

    private readonly CancellationTokenSource _end = new();
    private readonly Socket _listener;
    private readonly Task _serving;
    private readonly byte[] _head;
    private readonly byte[] _body;

    private LoopbackPage(Socket listener, Uri address, string html)
    {
        (_listener, Address, _body) = (listener, address, Encoding.UTF8.GetBytes(html));
        _head = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {_body.Length}\r\nConnection: close\r\n\r\n");
        _serving = ServeAsync();
    }

    public Uri Address { get; }

    /// <summary>Serves it, or a page of one's own, on a host of the network.</summary>
    public static LoopbackPage Serve(TwoHostNetwork network, string html = Html)
    {
        var listener = network.Host.CreateSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Parse(TwoHostNetwork.HostAddress), 8080));
        listener.Listen();
        return new LoopbackPage(listener, new Uri($"http://{TwoHostNetwork.HostAddress}:8080/"), html);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        List<Task> answers = [];
        try
        {
            while (true)
            {
                answers.Add(AnswerAsync(await _listener.AcceptAsync(_end.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }

        await Task.WhenAll(answers);
    }

    private async Task AnswerAsync(Socket client)
    {
        using (client)
        {
            try
            {
                // Whatever is asked for, one request is one segment, and the answer is this page.
                await client.ReceiveAsync(new byte[16 * 1024], _end.Token);
                await client.SendAsync(_head, _end.Token);
                await client.SendAsync(_body, _end.Token);
                client.Shutdown(SocketShutdown.Both);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // A browser gives up connections that it opened to be quick, and what a page asked for that it leaves; or disposed.
            }
        }
    }
}
