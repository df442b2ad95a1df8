using System.Net;
using System.Net.Sockets;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.Networking;

/// <summary>How a loop begins and ends that has one session of its own, on sockets bound for it alone.</summary>
internal static class SingleSession
{
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromMilliseconds(500);

    /// <summary>A socket on each of these addresses, or of this machine's if there are none; empty when not one can be bound.</summary>
    public static List<UdpEndpoint> BindAll(IList<IPAddress> addresses, bool includeLoopback)
    {
        var bound = new List<UdpEndpoint>();
        foreach (var address in addresses.Count > 0 ? [.. addresses] : LocalAddresses.List(includeLoopback))
        {
            try
            {
                bound.Add(UdpEndpoint.Bind(address, 0));
            }
            catch (SocketException)
            {
                // The address went away, or is still being checked for duplicates (IPv6): the others will do.
            }
        }

        return bound;
    }

    /// <summary>Says the session's goodbye, waits a bounded time until it is out, and ends the loop. Elsewhere than on the loop's own thread.</summary>
    /// <param name="loop">The session's.</param>
    /// <param name="session">Null if there never was one.</param>
    /// <param name="closed">Done when the session says that it is closed.</param>
    public static async Task EndAsync(SessionLoop loop, PeerSession? session, Task closed)
    {
        try
        {
            if (session is not null)
            {
                loop.Post(() => session.Close(loop.Now));
                await closed.WaitAsync(GoodbyeLimit);
            }
        }
        catch (TimeoutException)
        {
            // The other side finds out when consent expires.
        }

        await loop.DisposeAsync();
    }
}
