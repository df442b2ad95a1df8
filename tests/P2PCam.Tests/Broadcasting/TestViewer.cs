using System.Buffers;
using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using P2PCam.Networking;
using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.Tests.Broadcasting;

/// <summary>A viewer over real sockets and a given transport: the engine's receiving half with a loop of its own.</summary>
internal sealed class TestViewer : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly DtlsCertificate Certificate = DtlsCertificate.Create(null, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    private readonly SessionLoop _loop = new(TimeProvider.System, NullLogger.Instance);
    private readonly DtlsHandshakePool _pool = new();
    private readonly UdpEndpoint _endpoint = UdpEndpoint.Bind(IPAddress.Loopback, 0);
    private readonly ISignalingTransport _signaling;
    private readonly IAsyncEnumerator<SignalingMessage> _messages;
    private readonly Channel<TestFrame> _frames = Channel.CreateUnbounded<TestFrame>();
    private readonly Channel<PeerSessionEvent> _events = Channel.CreateUnbounded<PeerSessionEvent>();
    private PeerSession? _session;
    private string _answer = "";

    private TestViewer(ISignalingTransport signaling)
    {
        _signaling = signaling;
        _messages = signaling.ReadAllAsync().GetAsyncEnumerator();
        _loop.Start([_endpoint]);
    }

    /// <summary>What it can decode.</summary>
    public IReadOnlyList<VideoCodec> Codecs { get; init; } = [VideoCodec.Vp8];

    public static async Task<TestViewer> JoinAsync(ISignalingTransport signaling, string stream = "default", params VideoCodec[] codecs)
    {
        await signaling.ConnectAsync(new SignalingJoin(stream, SignalingRole.Viewer));
        return codecs.Length == 0 ? new TestViewer(signaling) : new TestViewer(signaling) { Codecs = codecs };
    }

    public async Task WatchAsync()
    {
        var (offer, answer) = await OfferAsync();
        _answer = answer.Sdp;
        Assert.True(offer.TryAccept(_loop.Now, answer.Sdp, out var session, out var error), error);
        _session = session;
        _loop.Post(() => _loop.Add(new DrivenSession(session, e => _events.Writer.TryWrite(e), frame =>
        {
            _frames.Writer.TryWrite(new TestFrame(frame.Data.ToArray(), frame.IsKeyFrame) { Codec = frame.Codec.ToVideoCodec() });
            ArrayPool<byte>.Shared.Return(frame.Buffer);
        })));
    }

    /// <summary>Offers, and takes what comes back for an answer or a refusal.</summary>
    public async Task<ErrorMessage> OfferAndBeRefusedAsync()
    {
        await SendOfferAsync();
        return await NextAsync<ErrorMessage>();
    }

    /// <summary>Offers, takes the answer and then does nothing with it.</summary>
    public async Task OfferOnlyAsync() => await OfferAsync();

    /// <summary>The next message of a kind; others are passed over.</summary>
    public async Task<T> NextAsync<T>()
        where T : SignalingMessage
    {
        while (await _messages.MoveNextAsync().AsTask().WaitAsync(Limit))
        {
            if (_messages.Current is T message)
            {
                return message;
            }
        }

        throw new InvalidOperationException($"The messages ended without a {typeof(T).Name}.");
    }

    public Task<TestFrame> NextFrameAsync() => _frames.Reader.ReadAsync().AsTask().WaitAsync(Limit);

    /// <summary>Passes over the frames that have come so far.</summary>
    public void ForgetFrames()
    {
        while (_frames.Reader.TryRead(out _))
        {
        }
    }

    public string Answer => _answer;

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

    /// <summary>The UDP port that the answer's candidates name.</summary>
    public string RemoteMediaPort() => _answer.Split("a=candidate:", 2)[1].Split(' ')[5];

    public void Close() => _loop.Post(() => _session?.Close(_loop.Now));

    public async ValueTask DisposeAsync()
    {
        await _signaling.DisposeAsync();
        await _loop.DisposeAsync();
        _pool.Dispose();
    }

    private async Task<(PendingOffer Offer, AnswerMessage Answer)> OfferAsync()
    {
        var offer = await SendOfferAsync();
        return (offer, await NextAsync<AnswerMessage>());
    }

    private async Task<PendingOffer> SendOfferAsync()
    {
        var offer = PendingOffer.Create(
            new PeerSessionOptions { Certificate = Certificate, HandshakePool = _pool, LocalAddresses = [_endpoint.Local], ClockOrigin = _loop.ClockOrigin, Wake = _loop.Wake, Codecs = [.. Codecs.Select(codec => codec.ToRtp())] }, _loop.Now);
        await _signaling.SendAsync(new OfferMessage(offer.Offer));
        return offer;
    }
}

/// <summary>What a viewer received.</summary>
internal readonly record struct TestFrame(byte[] Data, bool IsKeyFrame)
{
    public VideoCodec Codec { get; init; }
}
