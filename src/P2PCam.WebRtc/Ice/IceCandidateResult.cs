namespace P2PCam.WebRtc.Ice;

/// <summary>What became of a signaled remote candidate. None of these is an error: peers signal whatever they have.</summary>
internal enum IceCandidateResult
{
    Added,

    /// <summary>The address is known already, possibly from a check that came first.</summary>
    Duplicate,

    /// <summary>A name, such as an mDNS one. The peer's own checks will show the address.</summary>
    IgnoredHostName,

    IgnoredTcp,

    /// <summary>Not component 1; everything is bundled on that.</summary>
    IgnoredComponent,

    /// <summary>Unspecified, multicast or broadcast, or port 0.</summary>
    IgnoredAddress,

    /// <summary>More than <see cref="IceLimits.RemoteCandidates"/>.</summary>
    IgnoredLimit,

    IgnoredClosed,
}
