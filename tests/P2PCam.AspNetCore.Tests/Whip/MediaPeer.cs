using System.Buffers;
using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using P2PCam.Networking;
using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.AspNetCore.Tests.Whip;

/// <summary>The media half of an HTTP client: a session of ours over a loopback socket.</summary>
internal sealed class MediaPeer : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly DtlsCertificate Certificate = DtlsCertificate.Create(null, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    private readonly DtlsHandshakePool _pool = new();
    private readonly UdpEndpoint _endpoint = UdpEndpoint.Bind(IPAddress.Loopback, 0);
    private readonly Channel<PeerSessionEvent> _events = Channel.CreateUnbounded<PeerSessionEvent>();
    private readonly Channel<(int Length, bool IsKeyFrame)> _frames = Channel.CreateUnbounded<(int, bool)>();

    public MediaPeer() => Loop.Start([_endpoint]);

    public SessionLoop Loop { get; } = new(TimeProvider.System, NullLogger.Instance);

    public PeerSession? Session { get; private set; }

    public PeerSessionOptions Options => new() { Certificate = Certificate, HandshakePool = _pool, LocalAddresses = [_endpoint.Local], ClockOrigin = Loop.ClockOrigin, Wake = Loop.Wake };

    public PendingOffer OfferToReceive() => PendingOffer.Create(Options, Loop.Now);

    public void Accept(PendingOffer offer, string answer)
    {
        Assert.True(offer.TryAccept(Loop.Now, answer, out var session, out var error), error);
        Drive(session);
    }

    public void Drive(PeerSession session)
    {
        Session = session;
        Loop.Post(() => Loop.Add(new DrivenSession(session, e => _events.Writer.TryWrite(e), frame =>
        {
            _frames.Writer.TryWrite((frame.Length, frame.IsKeyFrame));
            ArrayPool<byte>.Shared.Return(frame.Buffer);
        })));
    }

    public Task<(int Length, bool IsKeyFrame)> NextFrameAsync() => _frames.Reader.ReadAsync().AsTask().WaitAsync(Limit);

    public async Task<PeerSessionEvent> NextEventAsync(PeerSessionEventKind kind)
    {
        while (true)
        {
            var e = await _events.Reader.ReadAsync().AsTask().WaitAsync(Limit);
            if (e.Kind == kind)
            {
                return e;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Loop.DisposeAsync();
        _pool.Dispose();
    }
}
