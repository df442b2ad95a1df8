using P2PCam.WebRtc.Sessions;

namespace P2PCam.Diagnostics;

/// <summary>Why a viewer was refused, did not connect or was lost: the values of <c>error.type</c>.</summary>
internal static class FailureReasons
{
    /// <summary>The limit of viewers is reached.</summary>
    public const string Full = "full";

    /// <summary>The offer cannot be answered.</summary>
    public const string OfferRefused = "offer_refused";

    /// <summary>The viewer can decode nothing of what the camera sends.</summary>
    public const string Codec = "codec";

    /// <summary>This machine has no address to send from.</summary>
    public const string NoNetwork = "no_network";

    /// <summary>One side went away before they were connected.</summary>
    public const string Abandoned = "abandoned";

    /// <summary>The reason of a session that ended; null where that is no failure.</summary>
    public static string? Of(PeerSessionCloseReason reason, bool wasConnected) => reason switch
    {
        PeerSessionCloseReason.ConnectTimeout => "connect_timeout",
        PeerSessionCloseReason.ConsentExpired => "consent_expired",
        PeerSessionCloseReason.IceFailed => "ice_failed",
        PeerSessionCloseReason.FingerprintMismatch => "fingerprint_mismatch",
        PeerSessionCloseReason.DtlsFailed => "dtls_failed",
        PeerSessionCloseReason.InternalError => "internal_error",
        _ => wasConnected ? null : Abandoned,
    };
}
