using System.Net;

namespace P2PCam.Networking;

/// <summary>Why media has no port, and what to do.</summary>
internal static class MediaPortErrors
{
    public static P2PException Taken(int port, string stream) => OwnMediaPorts.OwnerOf(port) is { } owner
        ? new("P2P2105", $"UDP port {port} is in use by this program's own broadcaster '{owner}'. Give '{stream}' another MediaPort, or leave MediaPort unset: it then takes the next free one.")
        : new("P2P2101", $"UDP port {port} is taken by another program; end that one or choose another MediaPort.");

    public static P2PException NotAllowed(int port) =>
        new("P2P2106", $"The system does not let this program open UDP port {port}. Choose a MediaPort of 1024 or more, or give the program the right to open lower ones.");

    public static P2PException NoneIsLocal(IEnumerable<IPAddress> addresses) =>
        new("P2P2102", $"None of {string.Join(", ", addresses)} is an address of this machine; see MediaAddresses.");
}
