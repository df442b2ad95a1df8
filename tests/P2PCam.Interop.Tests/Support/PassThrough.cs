using System.Buffers;
using Microsoft.Extensions.Logging.Abstractions;
using P2PCam.Networking;
using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Receiving;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Sessions;
using P2PCam.WebRtc.Wire;

namespace P2PCam.Interop.Tests.Support;

/// <summary>Two sessions of the engine over real sockets: what a publisher sends is cut anew and sent to a viewer, never decoded.</summary>
internal sealed class PassThrough : IAsyncDisposable
{
    private static readonly DtlsCertificate Certificate = DtlsCertificate.Create(null, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    private readonly SessionLoop _loop = new(TimeProvider.System, NullLogger.Instance);
    private readonly DtlsHandshakePool _pool = new();
    private readonly List<UdpEndpoint> _endpoints = [.. LocalAddresses.List(true).Select(address => UdpEndpoint.Bind(address, 0))];
    private readonly RtpVideoCodec _codec;
    private readonly bool _keepsAudio;
    private readonly IFramePacketizer _packetizer;
    private PeerSession? _publisher;
    private PeerSession? _viewer;
    private int _restarts;

    /// <param name="codec">What is published and watched.</param>
    /// <param name="keepsAudio">As a WHIP or WHEP server does; in signaling of our own, audio is refused where that is possible.</param>
    public PassThrough(RtpVideoCodec codec, bool keepsAudio = false)
    {
        (_codec, _keepsAudio) = (codec, keepsAudio);
        _packetizer = codec switch
        {
            RtpVideoCodec.Vp8 => new Vp8Packetizer(CryptographicRandom.Instance),
            RtpVideoCodec.H264 => new H264Packetizer(),
            _ => new PayloadPreservingPacketizer(codec),
        };
        _loop.Start(_endpoints);
    }

    public SessionStatistics Statistics => _publisher is { } publisher ? _loop.Snapshot(publisher.GetStatistics) : default;

    /// <summary>How many restarts of ICE have found a path.</summary>
    public int Restarts => Volatile.Read(ref _restarts);

    public string TakePublisher(string offer) => Answer(offer, PeerSessionDirection.Receive, out _publisher, CountRestart, OnFrame);

    public string RestartPublisher(string offer) => Restart(_publisher!, offer);

    public string RestartViewer(string offer) => Restart(_viewer!, offer);

    public string TakeViewer(string offer) => Answer(offer, default, out _viewer, e =>
    {
        CountRestart(e);
        if (e.Kind is PeerSessionEventKind.Connected or PeerSessionEventKind.KeyFrameNeeded)
        {
            _loop.Post(() => _publisher?.RequestKeyFrame(_loop.Now));
        }
    });

    public void SelectLayer(string rid) => _loop.Post(() => Assert.True(_publisher!.SelectLayer(_loop.Now, rid)));

    public async ValueTask DisposeAsync()
    {
        await _loop.DisposeAsync();
        _pool.Dispose();
    }

    private void CountRestart(PeerSessionEvent e) => _restarts += e.Kind == PeerSessionEventKind.IceRestarted ? 1 : 0;

    private string Restart(PeerSession session, string offer)
    {
        var done = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(() => done.SetResult(session.TryRestart(_loop.Now, offer, out var answer, out var error) ? answer : $"refused: {error}"));
        return done.Task.GetAwaiter().GetResult();
    }

    private string Answer(string offer, PeerSessionDirection direction, out PeerSession session, Action<PeerSessionEvent> onEvent, Action<ReceivedFrame>? onFrame = null)
    {
        var options = new PeerSessionOptions
        {
            Certificate = Certificate,
            HandshakePool = _pool,
            LocalAddresses = [.. _endpoints.Select(endpoint => endpoint.Local)],
            ClockOrigin = _loop.ClockOrigin,
            Wake = _loop.Wake,
            Codecs = [_codec],
            KeepsAudio = _keepsAudio,
            Direction = direction,
        };
        Assert.True(PeerSession.TryAnswer(options, offer, _loop.Now, out session, out var answer, out var error), error);
        var driven = new DrivenSession(session, onEvent, onFrame);
        _loop.Post(() => _loop.Add(driven));
        return answer;
    }

    private void OnFrame(ReceivedFrame frame)
    {
        _loop.PostFrame(_packetizer.Packetize(frame.Data, new FrameInfo(frame.IsKeyFrame, frame.RtpTimestamp, _loop.Now) { PayloadSizes = frame.PayloadSizes }));
        ArrayPool<byte>.Shared.Return(frame.Buffer);
    }
}
