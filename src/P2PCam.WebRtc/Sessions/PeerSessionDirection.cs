namespace P2PCam.WebRtc.Sessions;

/// <summary>Which way a session's video goes.</summary>
internal enum PeerSessionDirection
{
    /// <summary>From who answers to who offers: a broadcaster and its viewers.</summary>
    AnswererSends,

    /// <summary>We send: a stream that is published by our own offer.</summary>
    Send,

    /// <summary>We receive: a publisher's offer is answered.</summary>
    Receive,
}
