using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Ice;

/// <summary>A candidate as it is signaled (RFC 8445 section 5.3). <see cref="IceCandidateText"/> is its text form.</summary>
/// <param name="Foundation">1 to 32 characters; equal for candidates that are likely to fare alike.</param>
/// <param name="Priority">1..2^31-1, see <see cref="IcePriority"/>.</param>
/// <param name="Address">Where it can be reached. With a <see cref="HostName"/>, only the port counts.</param>
/// <param name="Type">How its owner knows of it.</param>
internal readonly record struct IceCandidate(string Foundation, uint Priority, TransportAddress Address, IceCandidateType Type)
{
    /// <summary>1 is RTP, and everything when bundled with rtcp-mux.</summary>
    public int Component { get; init; } = 1;

    public IceTransport Transport { get; init; } = IceTransport.Udp;

    /// <summary>A name in place of the address, such as the mDNS names of browsers. It is kept as text and never resolved here.</summary>
    public string? HostName { get; init; }

    /// <summary>Where a reflexive or relayed candidate comes from; default when not told.</summary>
    public TransportAddress RelatedAddress { get; init; }

    /// <summary>active, passive or so (RFC 6544); null for UDP.</summary>
    public string? TcpType { get; init; }

    /// <summary>A host candidate for a bound UDP socket.</summary>
    /// <param name="address">The socket's own address, which is also the base.</param>
    /// <param name="localPreference">0..65535, higher is better; <see cref="IcePriority.LocalPreference"/> suggests one.</param>
    public static IceCandidate Host(TransportAddress address, ushort localPreference) =>
        new(
            IceFoundation.Compute(IceCandidateType.Host, address),
            IcePriority.Compute(IceCandidateType.Host, localPreference),
            address,
            IceCandidateType.Host);
}
