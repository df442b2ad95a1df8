namespace P2PCam.WebRtc.Ice;

/// <summary>What a datagram handed to the agent turned out to be; for counters, logs and tests.</summary>
internal enum StunOutcome
{
    /// <summary>Not a well-formed STUN message of the Binding method, or one with a wrong FINGERPRINT.</summary>
    Malformed,

    /// <summary>An authenticated check; it is answered.</summary>
    RequestAccepted,

    /// <summary>A check that is answered with 487: the peer has to change its role.</summary>
    RoleConflict,

    /// <summary>An authenticated check with required attributes nobody here knows; it is answered with 420.</summary>
    UnknownAttribute,

    /// <summary>A check without USERNAME, or for another session. Not answered.</summary>
    NotForUs,

    /// <summary>MESSAGE-INTEGRITY is wrong or missing. Not answered.</summary>
    BadIntegrity,

    /// <summary>The success or error response to a check of ours.</summary>
    ResponseAccepted,

    /// <summary>A response to nothing we asked from there: late, doubled or forged.</summary>
    UnknownTransaction,

    /// <summary>A keep-alive (RFC 8445 section 11).</summary>
    Indication,

    /// <summary>The agent is closed or has failed.</summary>
    Ignored,
}
