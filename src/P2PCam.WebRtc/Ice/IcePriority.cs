namespace P2PCam.WebRtc.Ice;

/// <summary>Priorities of candidates and pairs (RFC 8445 sections 5.1.2 and 6.1.2.3).</summary>
internal static class IcePriority
{
    /// <summary>2^24 x type preference + 2^8 x local preference + (256 - component).</summary>
    public static uint Compute(IceCandidateType type, ushort localPreference, int component = 1) =>
        (TypePreference(type) << 24) | ((uint)localPreference << 8) | (uint)(256 - component);

    /// <summary>The PRIORITY of a check: what its sender would have as a peer-reflexive candidate (RFC 8445 section 7.1.1).</summary>
    public static uint AsPeerReflexive(uint priority) => (priority & 0x00FFFFFF) | (TypePreference(IceCandidateType.PeerReflexive) << 24);

    /// <summary>2^32 x MIN(G, D) + 2 x MAX(G, D) + (G > D), G being the controlling side's candidate.</summary>
    public static ulong Pair(uint controlling, uint controlled) =>
        ((ulong)Math.Min(controlling, controlled) << 32)
        + 2 * (ulong)Math.Max(controlling, controlled)
        + (controlling > controlled ? 1u : 0u);

    /// <summary>
    /// A local preference from the rank of an interface (0 is the best) and the family, which alternate so that a dual-stack peer tries
    /// both early (the aim of RFC 8421 section 4).
    /// </summary>
    public static ushort LocalPreference(int interfaceRank, bool isIPv6) =>
        (ushort)Math.Max(0, ushort.MaxValue - 2 * interfaceRank - (isIPv6 ? 0 : 1));

    private static uint TypePreference(IceCandidateType type) => type switch
    {
        IceCandidateType.Host => 126,
        IceCandidateType.PeerReflexive => 110,
        IceCandidateType.ServerReflexive => 100,
        _ => 0,
    };
}
