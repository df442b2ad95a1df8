using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Ice;

/// <summary>Which addresses are worth a check, and which of them can reach each other.</summary>
internal static class IceAddressRules
{
    /// <summary>False for port 0, unspecified, multicast and broadcast addresses: a check there is useless or hits bystanders.</summary>
    public static bool IsUsable(TransportAddress address)
    {
        if (address.Port == 0 || address.IsUnspecified)
        {
            return false;
        }

        var first = address.IsIPv4 ? (byte)((uint)address.Address >> 24) : (byte)(address.Address >> 120);
        return address.IsIPv4 ? first is not 0 and < 224 : first != 0xFF;
    }

    /// <summary>Same family, and loopback and IPv6 link-local addresses only among themselves (RFC 8445 section 6.1.2.2).</summary>
    public static bool CanPair(TransportAddress local, TransportAddress remote) =>
        local.IsIPv4 == remote.IsIPv4
        && local.IsLoopback == remote.IsLoopback
        && (local.IsIPv4 || local.IsLinkLocal == remote.IsLinkLocal);
}
