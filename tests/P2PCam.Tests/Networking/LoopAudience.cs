using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using P2PCam.Networking;
using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Sessions;
using P2PCam.WebRtc.Wire;

namespace P2PCam.Tests.Networking;

/// <summary>
/// A sending loop and viewers of it on a loop of their own, on one clock that the test sets: real sockets, handshakes and packets. Each
/// viewer has a socket of its own, since a session is known by its peer's address.
/// </summary>
internal sealed class LoopAudience : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly DtlsCertificate Certificate = DtlsCertificate.Create(null, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    private readonly DtlsHandshakePool _senderHandshakes = new();
    private readonly DtlsHandshakePool _viewerHandshakes = new();
    private readonly SessionLoop _viewers;
    private readonly UdpEndpoint _endpoint = UdpEndpoint.Bind(IPAddress.Loopback, 0);
    private readonly Vp8Packetizer _packetizer = new(CryptographicRandom.Instance);
    private readonly byte[] _content = new byte[6000];
    private readonly int _count;
    private readonly List<PeerSessionEvent> _events = [];
    private int _connected;
    private int _closed;
    private long _received;
    private uint _timestamp;
    private bool _wantsKeyFrame = true;

    public LoopAudience(int viewers)
    {
        _count = viewers;
        Loop = new SessionLoop(Clock, NullLogger.Instance);
        _viewers = new SessionLoop(Clock, NullLogger.Instance);
        Loop.Start([_endpoint]);
        var sockets = Enumerable.Range(0, viewers).Select(_ => UdpEndpoint.Bind(IPAddress.Loopback, 0)).ToArray();
        _viewers.Start(sockets);
        foreach (var socket in sockets)
        {
            Join(socket.Local);
        }
    }

    public ManualClock Clock { get; } = new();

    public SessionLoop Loop { get; }

    public List<PeerSession> Sessions { get; } = [];

    /// <summary>What the sending sessions said; written by the loop.</summary>
    public IReadOnlyList<PeerSessionEvent> Events => Loop.Snapshot(() => _events.ToArray());

    /// <summary>Lets the clock go with real time until both ends of all sessions are connected.</summary>
    public void WaitUntilConnected()
    {
        var (start, running) = (Clock.GetTimestamp(), Stopwatch.StartNew());
        Wait(() => Volatile.Read(ref _connected) == 2 * _count, () => Clock.Advance(TimeSpan.FromTicks(start + running.Elapsed.Ticks - Clock.GetTimestamp())));
    }

    /// <summary>Moves the clock in steps, faster than real time, until something is so.</summary>
    public void AdvanceUntil(Func<bool> condition) => Wait(condition, () => Clock.Advance(TimeSpan.FromMilliseconds(20)));

    /// <summary>Says goodbye to one viewer.</summary>
    public void Close(PeerSession session)
    {
        _closed++;
        Loop.Post(() => session.Close(Loop.Now));
    }

    /// <summary>Sends one frame to all and waits until all have it; what got lost on the way is asked for and sent again.</summary>
    public void SendFrame(TimeSpan later)
    {
        var expected = Volatile.Read(ref _received) + _count - _closed;
        Clock.Advance(later);
        _timestamp += 3000;
        Loop.PostFrame(_packetizer.Packetize(_content, new Vp8FrameInfo(_wantsKeyFrame, _timestamp, Loop.Now)));
        _wantsKeyFrame = false;
        Wait(() => Volatile.Read(ref _received) >= expected, () => { });
    }

    /// <summary>Bytes that the loop's thread has allocated, read on it.</summary>
    public long AllocatedByLoop()
    {
        long allocated = -1;
        Loop.Post(() => Volatile.Write(ref allocated, GC.GetAllocatedBytesForCurrentThread()));
        Wait(() => Volatile.Read(ref allocated) >= 0, () => { });
        return allocated;
    }

    /// <summary>Takes the viewers away without a word.</summary>
    public ValueTask VanishAsync() => _viewers.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await Loop.DisposeAsync();
        await _viewers.DisposeAsync();
        _senderHandshakes.Dispose();
        _viewerHandshakes.Dispose();
    }

    private void Wait(Func<bool> condition, Action meanwhile, [CallerArgumentExpression(nameof(condition))] string waitedFor = "")
    {
        var limit = DateTime.UtcNow + Limit;
        var spin = default(SpinWait);
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < limit, $"Not within {Limit}: {waitedFor}; {_connected} of {2 * _count} ends are connected, {_received} frames received.");
            meanwhile();
            spin.SpinOnce();
        }
    }

    private void Join(TransportAddress address)
    {
        var offer = PendingOffer.Create(Options(_viewers, _viewerHandshakes, address), _viewers.Now);
        Assert.True(PeerSession.TryAnswer(Options(Loop, _senderHandshakes, _endpoint.Local), offer.Offer, Loop.Now, out var sender, out var answer, out var error), error);
        Assert.True(offer.TryAccept(_viewers.Now, answer, out var viewer, out error), error);
        Sessions.Add(sender);
        Loop.Post(() => Loop.Add(new DrivenSession(sender, OnSenderEvent)));
        _viewers.Post(() => _viewers.Add(new DrivenSession(viewer, CountConnected, frame =>
        {
            Interlocked.Increment(ref _received);
            ArrayPool<byte>.Shared.Return(frame.Buffer);
        })));
    }

    private void OnSenderEvent(PeerSessionEvent e)
    {
        _events.Add(e);
        CountConnected(e);
    }

    private void CountConnected(PeerSessionEvent e)
    {
        if (e.Kind == PeerSessionEventKind.Connected)
        {
            Interlocked.Increment(ref _connected);
        }
    }

    private static PeerSessionOptions Options(SessionLoop loop, DtlsHandshakePool handshakes, TransportAddress address) => new()
    {
        Certificate = Certificate,
        HandshakePool = handshakes,
        LocalAddresses = [address],
        ClockOrigin = loop.ClockOrigin,
        Wake = loop.Wake,
        ConnectTimeout = TimeSpan.FromHours(1),
    };
}
