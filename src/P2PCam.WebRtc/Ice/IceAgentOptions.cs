namespace P2PCam.WebRtc.Ice;

/// <summary>The timings of an agent. The defaults suit a LAN without being rude on the Internet.</summary>
internal sealed record IceAgentOptions
{
    public IceRole Role { get; init; } = IceRole.Controlled;

    /// <summary>Ta, the time between new checks (RFC 8445 section 14.2): 5 ms to 1 s.</summary>
    public TimeSpan Pacing { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The shortest first retransmission time-out: 10 ms to 5 s. RFC 8445 section 14.3 says 500 ms; a lost check on a LAN should not cost
    /// that much.
    /// </summary>
    public TimeSpan MinimumRetransmissionTimeout { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>How often one check is sent before its pair fails (Rc of RFC 8489 section 6.2.1): 1 to 20.</summary>
    public int MaxTransmissions { get; init; } = 7;

    /// <summary>How long the controlling side waits for a better pair after the first one worked: 0 to 10 s.</summary>
    public TimeSpan NominationDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How long after the remote credentials are known an agent may fail at the earliest (RFC 8863: failed checks alone prove nothing,
    /// since the peer's own check may still come in): 1 s to 10 min.
    /// </summary>
    public TimeSpan FailureTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The mean time between consent checks; each is drawn from 0.8 to 1.2 times this (RFC 7675 section 5.1): 1 s to 10 s.
    /// </summary>
    public TimeSpan ConsentInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long consent lasts after the last answer (RFC 7675 section 5.1): 5 s to 30 s.</summary>
    public TimeSpan ConsentTimeout { get; init; } = TimeSpan.FromSeconds(30);

    internal void Validate()
    {
        Check(nameof(Pacing), Pacing, 0.005, 1);
        Check(nameof(MinimumRetransmissionTimeout), MinimumRetransmissionTimeout, 0.01, 5);
        Check(nameof(NominationDelay), NominationDelay, 0, 10);
        Check(nameof(FailureTimeout), FailureTimeout, 1, 600);
        Check(nameof(ConsentInterval), ConsentInterval, 1, 10);
        Check(nameof(ConsentTimeout), ConsentTimeout, 5, 30);
        if (MaxTransmissions is < 1 or > 20)
        {
            throw new ArgumentOutOfRangeException(nameof(MaxTransmissions), MaxTransmissions, "must be from 1 to 20.");
        }
    }

    private static void Check(string name, TimeSpan value, double minimum, double maximum)
    {
        if (value.TotalSeconds < minimum || value.TotalSeconds > maximum)
        {
            throw new ArgumentOutOfRangeException(name, value, $"must be from {minimum} to {maximum} seconds.");
        }
    }
}
