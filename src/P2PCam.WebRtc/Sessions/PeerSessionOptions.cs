using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Sessions;

/// <summary>What a session needs from the outside, and its limits.</summary>
internal sealed record PeerSessionOptions
{
    public required DtlsCertificate Certificate { get; init; }

    public required DtlsHandshakePool HandshakePool { get; init; }

    /// <summary>Addresses of the sockets that the session may use, best first; each becomes a host candidate.</summary>
    public required IReadOnlyList<TransportAddress> LocalAddresses { get; init; }

    public IRandomSource Random { get; init; } = CryptographicRandom.Instance;

    /// <summary>The wall-clock time at <c>now == 0</c>, for the NTP times in sender reports.</summary>
    public required DateTimeOffset ClockOrigin { get; init; }

    /// <summary>Called from a handshake thread when the session has something to poll.</summary>
    public Action? Wake { get; init; }

    /// <summary>How long a session may take from its offer to the end of the DTLS handshake.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long sent packets can be resent.</summary>
    public TimeSpan ResendHistory { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What may be sent or taken, in our order of preference. Who answers lists all that the other side has too.</summary>
    public IReadOnlyList<RtpVideoCodec> Codecs { get; init; } = [RtpVideoCodec.Vp8];

    public PeerSessionDirection Direction { get; init; }

    /// <summary>Whether audio in an offer is kept in the answer, silent, rather than refused.</summary>
    public bool KeepsAudio { get; init; }

    public string StreamId { get; init; } = "p2pcam";
}
