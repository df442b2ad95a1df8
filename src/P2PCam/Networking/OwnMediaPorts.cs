using System.Collections.Concurrent;

namespace P2PCam.Networking;

/// <summary>Which UDP ports this program's own broadcasters hold, so that an error can name the one that is in the way.</summary>
internal static class OwnMediaPorts
{
    private static readonly ConcurrentDictionary<int, string> Owners = new();

    /// <summary>The stream whose broadcaster holds the port; null for a foreign program.</summary>
    public static string? OwnerOf(int port) => Owners.GetValueOrDefault(port);

    public static void Enter(int port, string stream) => Owners.TryAdd(port, stream);

    public static void Leave(int port, string stream) => Owners.TryRemove(new KeyValuePair<int, string>(port, stream));
}
