namespace P2PCam.WebRtc.Dtls;

internal enum DtlsState
{
    New,
    Handshaking,
    Connected,
    Closed,
    Failed,
}

internal enum DtlsEventKind
{
    /// <summary>The peer is who its session description says, and there are keys for SRTP.</summary>
    Connected,

    /// <summary>The handshake came to nothing; <see cref="DtlsEvent.Failure"/> says why.</summary>
    Failed,

    /// <summary>The peer sent close_notify or a fatal alert after the handshake.</summary>
    Closed,
}

/// <summary>Why a handshake failed.</summary>
internal enum DtlsFailure
{
    None,

    /// <summary>The peer's certificate fits none of the fingerprints in its session description.</summary>
    FingerprintMismatch,
    NoClientCertificate,
    NoSrtpProfile,

    /// <summary>The peer does not offer extended_master_secret (RFC 7627), without which keys must not be exported.</summary>
    NoExtendedMasterSecret,
    Timeout,
    TooManyBytes,
    TooManyFragments,

    /// <summary>All handshake threads are taken and the waiting list is full.</summary>
    Busy,

    /// <summary>The peer gave up with a fatal alert.</summary>
    PeerAlert,

    /// <summary>Anything else that DTLS 1.2 or our choice of suites and curves does not allow.</summary>
    Protocol,
}

/// <summary>What happened. <see cref="Keys"/> comes with Connected and belongs to whoever takes the event: dispose it.</summary>
internal readonly record struct DtlsEvent(
    DtlsEventKind Kind, DtlsSrtpKeys? Keys = null, DtlsFailure Failure = DtlsFailure.None, string Text = "");
