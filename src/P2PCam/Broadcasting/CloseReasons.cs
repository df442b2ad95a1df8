using P2PCam.WebRtc.Sessions;

namespace P2PCam.Broadcasting;

/// <summary>Why a session ended, in words for people.</summary>
internal static class CloseReasons
{
    private const int MaxForeignCharacters = 100;

    /// <summary>What a peer said in its bye, fit for a log: one short line.</summary>
    public static string FromPeer(string? reason)
    {
        var words = new string([.. (reason ?? "").Take(MaxForeignCharacters).Select(character => char.IsControl(character) ? ' ' : character)]).Trim();
        return words.Length == 0 ? "left" : words;
    }

    public static string Describe(in PeerSessionEvent e) => e.Reason switch
    {
        PeerSessionCloseReason.LocalClose => "disconnected by the host",
        PeerSessionCloseReason.PeerClosed => "left",
        PeerSessionCloseReason.ConnectTimeout => "no connection within the time limit",
        PeerSessionCloseReason.ConsentExpired => "not heard of for 30 s",
        PeerSessionCloseReason.IceFailed => "no network path works",
        PeerSessionCloseReason.FingerprintMismatch => "its certificate is not the one in its offer",
        PeerSessionCloseReason.DtlsFailed => $"the DTLS handshake failed: {e.Detail}",
        _ => e.Detail ?? e.Reason.ToString(),
    };
}
