using System.Net;
using P2PCam.Networking;
using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Sessions;
using P2PCam.WebRtc.Wire;

namespace P2PCam.Benchmarks;

/// <summary>
/// A viewer with a socket of its own that connects and keeps its consent fresh, and drops video as it arrives. Whoever has it calls
/// <see cref="Drive"/> every now and then: timers would go through the thread pool, whose threads come and go and cost bytes.
/// </summary>
internal sealed class SinkViewer : IDatagramSink, IAsyncDisposable
{
    public static readonly DtlsCertificate Certificate = DtlsCertificate.Create(null, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    private static readonly DtlsHandshakePool Handshakes = new();
    private readonly Lock _gate = new();
    private readonly UdpEndpoint _endpoint = UdpEndpoint.Bind(IPAddress.Loopback, 0);
    private readonly byte[] _buffer = new byte[65_536];
    private readonly byte[] _datagram = new byte[2_048];
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private readonly PeerSession _session;

    /// <param name="answer">Takes the offer to the other side and gives its answer.</param>
    public SinkViewer(Func<string, string> answer)
    {
        var offer = PendingOffer.Create(
            new PeerSessionOptions
            {
                Certificate = Certificate,
                HandshakePool = Handshakes,
                LocalAddresses = [_endpoint.Local],
                ClockOrigin = TimeProvider.System.GetUtcNow(),
                Wake = static () => { },
            },
            Now);
        if (!offer.TryAccept(Now, answer(offer.Offer), out _session, out var error))
        {
            throw new InvalidOperationException(error);
        }

        _endpoint.StartReceiving(this);
    }

    private TimeSpan Now => TimeProvider.System.GetElapsedTime(_start);

    public void OnDatagram(UdpEndpoint endpoint, in TransportAddress remote, ReadOnlySpan<byte> datagram)
    {
        if (DatagramClassifier.Classify(datagram) is DatagramKind.Rtp or DatagramKind.Rtcp)
        {
            return;
        }

        lock (_gate)
        {
            datagram.CopyTo(_datagram);
            _session.HandleDatagram(Now, endpoint.Local, remote, _datagram.AsSpan(0, datagram.Length));
            Drain();
        }
    }

    /// <summary>Does what is due, and sends what a handshake made since; from any thread.</summary>
    public void Drive()
    {
        lock (_gate)
        {
            if (_session.NextTimeout <= Now)
            {
                _session.HandleTimeout(Now);
            }

            Drain();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _endpoint.DisposeAsync();
        _session.Dispose();
    }

    private void Drain()
    {
        while (_session.PollTransmit(Now, _buffer, out var transmit))
        {
            _endpoint.Send(_buffer.AsSpan(0, transmit.Length), transmit.SegmentSize, transmit.Remote);
        }

        while (_session.PollEvent(out _))
        {
        }
    }
}
