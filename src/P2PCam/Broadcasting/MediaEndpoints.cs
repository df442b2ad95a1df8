using System.Net;
using System.Net.Sockets;
using P2PCam.Networking;

namespace P2PCam.Broadcasting;

/// <summary>Opens the one UDP port on every local address that viewers may reach.</summary>
internal static class MediaEndpoints
{
    private const int PortAttempts = 20;

    public static List<UdpEndpoint> Open(BroadcasterOptions options)
    {
        var addresses = options.MediaAddresses.Count > 0 ? [.. options.MediaAddresses] : LocalAddresses.List(options.IncludeLoopback);
        if (addresses.Count == 0)
        {
            throw new P2PException("P2P2103", "This machine has no network address to send video from; connect it to a network, or set IncludeLoopback.");
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return BindAll(addresses, options.MediaPort);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // With port 0 the first address chooses a port that another address may have in use: choose again.
                if (options.MediaPort != 0 || attempt == PortAttempts)
                {
                    throw new P2PException("P2P2101", $"UDP port {options.MediaPort} is taken by another program; end that one or choose another MediaPort.", e);
                }
            }
        }
    }

    private static List<UdpEndpoint> BindAll(IReadOnlyList<IPAddress> addresses, int port)
    {
        var bound = new List<UdpEndpoint>();
        try
        {
            foreach (var address in addresses)
            {
                try
                {
                    var endpoint = UdpEndpoint.Bind(address, port);
                    bound.Add(endpoint);
                    port = endpoint.Local.Port;
                }
                catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressNotAvailable)
                {
                    // The address went away, or is still being checked for duplicates (IPv6): the others will do.
                }
            }

            return bound.Count > 0
                ? bound
                : throw new P2PException("P2P2102", $"None of {string.Join(", ", addresses)} is an address of this machine; see MediaAddresses.");
        }
        catch
        {
            foreach (var endpoint in bound)
            {
                endpoint.DisposeAsync().AsTask().Wait();
            }

            throw;
        }
    }
}
