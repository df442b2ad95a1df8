using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using P2PCam.Networking;
using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Sessions;
using P2PCam.WebRtc.Wire;

namespace P2PCam.Tests.Viewing;

/// <summary>A broadcaster that sends whatever bytes a test gives it as frames, over real sockets, properly encrypted.</summary>
internal sealed class ForeignBroadcaster : IAsyncDisposable
{
    private static readonly DtlsCertificate Certificate = DtlsCertificate.Create(null, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    private readonly SessionLoop _loop = new(TimeProvider.System, NullLogger.Instance);
    private readonly DtlsHandshakePool _pool = new();
    private readonly UdpEndpoint _endpoint = UdpEndpoint.Bind(IPAddress.Loopback, 0);
    private readonly Vp8Packetizer _packetizer = new(CryptographicRandom.Instance);
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ISignalingTransport _signaling;
    private readonly Task _answering;
    private uint _timestamp;
    private int _keyFramesWanted;

    private ForeignBroadcaster(ISignalingTransport signaling)
    {
        _signaling = signaling;
        _loop.Start([_endpoint]);
        _answering = AnswerAsync();
    }

    /// <summary>How often the viewer could not go on without a key frame.</summary>
    public int KeyFramesWanted => Volatile.Read(ref _keyFramesWanted);

    public Task Connected => _connected.Task;

    public static async Task<ForeignBroadcaster> StartAsync(ISignalingTransport signaling)
    {
        await signaling.ConnectAsync(new SignalingJoin("default", SignalingRole.Broadcaster));
        return new ForeignBroadcaster(signaling);
    }

    public void Send(ReadOnlySpan<byte> frame, bool isKeyFrame)
    {
        _timestamp += 3000;
        _loop.PostFrame(_packetizer.Packetize(frame, new Vp8FrameInfo(isKeyFrame, _timestamp, _loop.Now)));
    }

    public async ValueTask DisposeAsync()
    {
        await _signaling.DisposeAsync();
        await _answering;
        await _loop.DisposeAsync();
        _pool.Dispose();
    }

    private async Task AnswerAsync()
    {
        await foreach (var message in _signaling.ReadAllAsync())
        {
            if (message is not OfferMessage offer)
            {
                continue;
            }

            var options = new PeerSessionOptions { Certificate = Certificate, HandshakePool = _pool, LocalAddresses = [_endpoint.Local], ClockOrigin = _loop.ClockOrigin, Wake = _loop.Wake };
            Assert.True(PeerSession.TryAnswer(options, offer.Sdp, _loop.Now, out var session, out var answer, out var error), error);
            _loop.Post(() => _loop.Add(new DrivenSession(session, OnEvent)));
            await _signaling.SendAsync(new AnswerMessage(answer) { Peer = offer.Peer });
        }
    }

    private void OnEvent(PeerSessionEvent e)
    {
        if (e.Kind == PeerSessionEventKind.Connected)
        {
            _connected.TrySetResult();
        }
        else if (e.Kind == PeerSessionEventKind.KeyFrameNeeded)
        {
            Interlocked.Increment(ref _keyFramesWanted);
        }
    }
}
