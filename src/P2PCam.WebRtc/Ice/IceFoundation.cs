using System.Globalization;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Ice;

/// <summary>
/// A foundation is the same for candidates of one type from one base address (RFC 8445 section 5.1.1.3). The port does not count: sockets
/// of one interface share their fate.
/// </summary>
internal static class IceFoundation
{
    public static string Compute(IceCandidateType type, TransportAddress baseAddress)
    {
        // FNV-1a, 32 bits: stable between runs, unlike GetHashCode.
        var hash = 2166136261;
        for (var shift = 120; shift >= 0; shift -= 8)
        {
            hash = (hash ^ (byte)(baseAddress.Address >> shift)) * 16777619;
        }

        hash = (hash ^ baseAddress.ScopeId) * 16777619;
        hash = (hash ^ (byte)type) * 16777619;
        return hash.ToString(CultureInfo.InvariantCulture);
    }
}
