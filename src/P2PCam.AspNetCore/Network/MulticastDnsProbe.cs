using System.Net;
using System.Net.Sockets;

namespace P2PCam.AspNetCore.Network;

/// <summary>
/// Finds out whether somebody answers for a name of this machine in the local network: Avahi, systemd-resolved, Bonjour or Windows do, where they run. A name that nobody answers
/// for, or that belongs to another machine, must not be told to people.
/// </summary>
/// <param name="group">Where responders listen; null for the group of RFC 6762.</param>
internal sealed class MulticastDnsProbe(IPEndPoint? group = null)
{
    private static readonly IPEndPoint Group = new(IPAddress.Parse("224.0.0.251"), 5353);
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(250);

    /// <summary>Whether one of this machine's own addresses is the answer. Takes 0.7 s at most, if nobody answers.</summary>
    public async Task<bool> IsAnsweredAsync(string name, IReadOnlyCollection<IPAddress> own, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        var asking = own.Where(address => address.AddressFamily == AddressFamily.InterNetwork).Select(from => AskAsync(name, from, own, limit.Token)).ToList();
        while (asking.Count > 0)
        {
            var done = await Task.WhenAny(asking);
            if (await done)
            {
                await limit.CancelAsync();
                await Task.WhenAll(asking);
                return true;
            }

            asking.Remove(done);
        }

        return false;
    }

    private async Task<bool> AskAsync(string name, IPAddress from, IReadOnlyCollection<IPAddress> own, CancellationToken cancellationToken)
    {
        try
        {
            // From any free port, which makes responders answer to it alone (RFC 6762 section 6.7).
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, from.GetAddressBytes());
            socket.Bind(new IPEndPoint(from, 0));
            var question = MulticastDnsQuery.Write(name, (ushort)Random.Shared.Next(1, ushort.MaxValue));
            var buffer = new byte[9000];
            await socket.SendToAsync(question, group ?? Group, cancellationToken);
            var answer = socket.ReceiveFromAsync(buffer, group ?? Group, cancellationToken).AsTask();
            if (await Task.WhenAny(answer, Task.Delay(AskAgainAfter, cancellationToken)) != answer)
            {
                await socket.SendToAsync(question, group ?? Group, cancellationToken);
            }

            while (true)
            {
                if (MulticastDnsQuery.ReadAddresses(buffer.AsSpan(0, (await answer).ReceivedBytes), name).Any(own.Contains))
                {
                    return true;
                }

                answer = socket.ReceiveFromAsync(buffer, group ?? Group, cancellationToken).AsTask();
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // No multicast on this card, or nobody there.
            return false;
        }
    }
}
