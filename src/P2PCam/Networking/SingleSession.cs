using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.Networking;

/// <summary>How a loop begins and ends that has one session of its own, on sockets bound for it alone.</summary>
internal static class SingleSession
{
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Sockets for a started loop, on a free port of each of these addresses, or of this machine's if there are none, which follow the machine's addresses; null when not one can be bound.
    /// </summary>
    public static MediaSockets? Open(SessionLoop loop, IList<IPAddress> addresses, bool includeLoopback, TimeProvider timeProvider)
    {
        var options = new MediaSocketOptions { Addresses = [.. addresses], IncludeLoopback = includeLoopback };
        var sockets = new MediaSockets(options, "", loop, timeProvider, NullLogger.Instance);
        try
        {
            sockets.Open();
            if (sockets.Locals.Count > 0)
            {
                return sockets;
            }
        }
        catch (P2PException)
        {
            // None of the addresses that were given is here.
        }

        sockets.Dispose();
        return null;
    }

    /// <summary>Says the session's goodbye, waits a bounded time until it is out, and ends the loop. Elsewhere than on the loop's own thread.</summary>
    /// <param name="loop">The session's.</param>
    /// <param name="sockets">The loop's; null if it has none.</param>
    /// <param name="session">Null if there never was one.</param>
    /// <param name="closed">Done when the session says that it is closed.</param>
    public static async Task EndAsync(SessionLoop loop, MediaSockets? sockets, PeerSession? session, Task closed)
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

        sockets?.Dispose();
        await loop.DisposeAsync();
    }
}
