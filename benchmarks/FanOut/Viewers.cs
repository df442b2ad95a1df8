using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using P2PCam.Networking;
using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.FanOut;

/// <summary>All viewers: the product's session loop on one loopback socket, and a session for each offer.</summary>
internal sealed class Viewers : IAsyncDisposable
{
    private readonly SessionLoop _loop = new(TimeProvider.System, NullLogger.Instance);
    private readonly UdpEndpoint _endpoint = UdpEndpoint.Bind(IPAddress.Loopback, 0);
    private readonly DtlsHandshakePool _handshakes = new();
    private readonly DtlsCertificate _certificate = DtlsCertificate.Create(null, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    private readonly List<PeerSession> _sessions = [];
    private volatile bool _keyFrameNeeded = true;

    public Viewers() => _loop.Start([_endpoint]);

    public SessionLoop Loop => _loop;

    public long PacketsSent => _loop.Snapshot(() => _sessions.Sum(session => session.GetStatistics().PacketsSent));

    public bool TryAnswer(string offer, out string answer, out string error)
    {
        var options = new PeerSessionOptions
        {
            Certificate = _certificate,
            HandshakePool = _handshakes,
            LocalAddresses = [_endpoint.Local],
            ClockOrigin = _loop.ClockOrigin,
            Wake = _loop.Wake,
        };
        if (!PeerSession.TryAnswer(options, offer, _loop.Now, out var session, out answer, out error))
        {
            return false;
        }

        _loop.Post(() =>
        {
            _sessions.Add(session);
            _loop.Add(new DrivenSession(session, OnEvent));
        });
        return true;
    }

    /// <summary>Whether somebody waits for a key frame; asking answers the wish.</summary>
    public bool TakeKeyFrameRequest()
    {
        var needed = _keyFrameNeeded;
        _keyFrameNeeded = false;
        return needed;
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.DisposeAsync();
        _handshakes.Dispose();
    }

    private void OnEvent(PeerSessionEvent e) =>
        _keyFrameNeeded |= e.Kind is PeerSessionEventKind.Connected or PeerSessionEventKind.KeyFrameNeeded;
}
