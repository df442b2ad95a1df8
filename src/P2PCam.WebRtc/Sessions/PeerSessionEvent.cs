namespace P2PCam.WebRtc.Sessions;

internal enum PeerSessionEventKind
{
    /// <summary>ICE has found a path.</summary>
    PathFound,

    /// <summary>The DTLS handshake is done.</summary>
    KeysAgreed,

    /// <summary>ICE and DTLS are done; frames can be sent.</summary>
    Connected,

    /// <summary>The first frame has left.</summary>
    FirstFrameSent,

    /// <summary>Nothing was heard from the peer for some seconds.</summary>
    Disconnected,

    /// <summary>The peer is heard again after <see cref="Disconnected"/>.</summary>
    Reconnected,

    /// <summary>The peer cannot decode before the next key frame (PLI, FIR, or frames left out).</summary>
    KeyFrameNeeded,

    /// <summary>A frame was left out because the peer takes no such codec, which the detail names. Said once for each codec.</summary>
    CodecMissing,

    /// <summary>ICE begins anew: the peer's checks will name another <see cref="PeerSession.LocalUfrag"/>.</summary>
    IceRestarting,

    /// <summary>A restart has found its path.</summary>
    IceRestarted,

    /// <summary>A restart has found no path; the old one goes on.</summary>
    IceRestartFailed,

    /// <summary>The session is over; nothing follows.</summary>
    Closed,
}

/// <summary>Why a session ended.</summary>
internal enum PeerSessionCloseReason
{
    None,
    LocalClose,
    PeerClosed,
    ConnectTimeout,
    ConsentExpired,
    IceFailed,
    FingerprintMismatch,
    DtlsFailed,
    InternalError,
}

internal readonly record struct PeerSessionEvent(PeerSessionEventKind Kind, PeerSessionCloseReason Reason = PeerSessionCloseReason.None, string? Detail = null);
