using System.Net;

namespace P2PCam.Networking;

/// <summary>Where media may come and go.</summary>
internal sealed record MediaSocketOptions
{
    /// <summary>Local addresses to use; empty for those of all interfaces that are up.</summary>
    public required IReadOnlyList<IPAddress> Addresses { get; init; }

    public required bool IncludeLoopback { get; init; }

    /// <summary>The one UDP port on all addresses; 0 for any that is free.</summary>
    public int Port { get; init; }

    /// <summary>Whether one of the ports behind it will do when it is taken.</summary>
    public bool MayTakeNextPort { get; init; }

    /// <summary>Which addresses this machine has.</summary>
    public ILocalNetwork Network { get; init; } = LocalNetwork.Instance;
}
