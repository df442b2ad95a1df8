using Org.BouncyCastle.Tls;
using P2PCam.WebRtc.Dtls.Peers;

namespace P2PCam.WebRtc.Dtls;

/// <summary>
/// One handshake, blocking, from start to end on a pool thread. Afterwards what it made belongs to the loop: <see cref="IsOver"/> is set
/// last, under the link's lock.
/// </summary>
internal sealed class DtlsHandshake(DtlsOptions options, DtlsNegotiation negotiation, HandshakeLink link)
{
    // The limit that counts is the caller's, in the caller's time; this one ends a thread that was forgotten.
    private const int RealTimeoutMilliseconds = 120_000;

    private volatile bool _isOver;

    public DtlsNegotiation Negotiation => negotiation;

    public bool IsOver => _isOver;

    /// <summary>The open association; null if the handshake failed.</summary>
    public DtlsTransport? Transport { get; private set; }

    public void Run()
    {
        DtlsTransport? transport = null;
        try
        {
            transport = options.Role == DtlsRole.Server
                ? new DtlsServerProtocol { VerifyRequests = false }.Accept(new DtlsServerPeer(negotiation, RealTimeoutMilliseconds), link)
                : new DtlsClientProtocol().Connect(new DtlsClientPeer(negotiation, RealTimeoutMilliseconds), link);
        }
#pragma warning disable CA1031 // A peer's bytes may make the library throw anything; nothing of it may end the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            if (negotiation.Failure == DtlsFailure.None)
            {
                negotiation.Fail(DtlsFailure.Protocol, AlertDescription.internal_error, exception.Message);
            }
        }

        link.Finish(() =>
        {
            if (link.IsAborted)
            {
                // Nobody will come for them.
                negotiation.Keys?.Dispose();
                negotiation.Dispose();
            }

            Transport = transport;
            _isOver = true;
        });
    }
}
