using System.Buffers;
using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using P2PCam.Networking;
using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Sessions;
using P2PCam.WebRtc.Wire;

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

    private int _keyFrameWanted;
    private int _keyFramesWanted;

    public MediaPeer() => Loop.Start([_endpoint]);

    public SessionLoop Loop { get; } = new(TimeProvider.System, NullLogger.Instance);

    public PeerSession? Session { get; private set; }

    public PeerSessionOptions Options => new() { Certificate = Certificate, HandshakePool = _pool, LocalAddresses = [_endpoint.Local], ClockOrigin = Loop.ClockOrigin, Wake = Loop.Wake };

    public PendingOffer OfferToReceive(params RtpVideoCodec[] codecs) => Offer(Options, codecs);

    public PendingOffer OfferToSend(params RtpVideoCodec[] codecs) => Offer(Options with { Direction = PeerSessionDirection.Send }, codecs);

    public void Accept(PendingOffer offer, string answer)
    {
        Assert.True(offer.TryAccept(Loop.Now, answer, out var session, out var error), error);
        Drive(session);
    }

    public void Drive(PeerSession session)
    {
        Session = session;
        Loop.Post(() => Loop.Add(new DrivenSession(session, OnEvent, frame =>
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

    /// <summary>Sends frames at 30 per second until it is cancelled: bytes that look like VP8 of 640x360, a key frame first and whenever one is asked for.</summary>
    public async Task SendAsync(CancellationToken cancellationToken)
    {
        var packetizer = new Vp8Packetizer(CryptographicRandom.Instance);
        using var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(33));
        for (var number = 0u; !cancellationToken.IsCancellationRequested; number++)
        {
            var isKeyFrame = number == 0 || Interlocked.Exchange(ref _keyFrameWanted, 0) != 0;
            byte[] head = isKeyFrame ? [0x10, 0, 0, 0x9D, 0x01, 0x2A, 640 & 0xFF, 640 >> 8, 360 & 0xFF, 360 >> 8] : [0x11, 0, 0];
            Loop.PostFrame(packetizer.Packetize([.. head, .. new byte[1500]], new Vp8FrameInfo(isKeyFrame, number * 3000, Loop.Now)));
            try
            {
                await clock.WaitForNextTickAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    public int KeyFramesWanted => Volatile.Read(ref _keyFramesWanted);

    private PendingOffer Offer(PeerSessionOptions options, RtpVideoCodec[] codecs) => PendingOffer.Create(codecs.Length > 0 ? options with { Codecs = codecs } : options, Loop.Now);

    private void OnEvent(PeerSessionEvent e)
    {
        if (e.Kind == PeerSessionEventKind.KeyFrameNeeded)
        {
            Interlocked.Increment(ref _keyFramesWanted);
            Volatile.Write(ref _keyFrameWanted, 1);
        }

        _events.Writer.TryWrite(e);
    }

    public async ValueTask DisposeAsync()
    {
        await Loop.DisposeAsync();
        _pool.Dispose();
    }
}
