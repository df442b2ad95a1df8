namespace P2PCam.WebRtc.Ice;

/// <summary>Counts since the agent was made, for diagnostics.</summary>
internal sealed class IceCounters
{
    /// <summary>Checks sent, retransmissions and consent checks included.</summary>
    public long ChecksSent { get; internal set; }

    /// <summary>Authenticated checks received.</summary>
    public long ChecksReceived { get; internal set; }

    public long ResponsesSent { get; internal set; }

    /// <summary>Authenticated responses to checks of ours.</summary>
    public long ResponsesReceived { get; internal set; }

    public long BadIntegrity { get; internal set; }

    /// <summary>Checks without or with foreign credentials.</summary>
    public long NotForUs { get; internal set; }

    public long Malformed { get; internal set; }

    public long UnknownTransactions { get; internal set; }

    public long RoleConflicts { get; internal set; }

    /// <summary>Candidates, pairs, answers or events that a bound of <see cref="IceLimits"/> kept out.</summary>
    public long LimitsHit { get; internal set; }
}
