using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using P2PCam.WebRtc.Wire;

namespace P2PCam.Networking;

/// <summary>
/// A loop's sockets, one for each address that this machine has now. Addresses come and go (a cable, another network, a VPN, a program that starts before the network
/// does): new ones get a socket on the same port, those that are gone lose theirs, and the sessions that run are told, so that ICE can go by another path.
/// </summary>
internal sealed partial class MediaSockets : IDisposable
{
    private const int PortAttempts = 20;
    private const int FirstFreePort = 1024;
    private readonly MediaSocketOptions _options;
    private readonly string _stream;
    private readonly SessionLoop _loop;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, TransportAddress> _bound = [];
    private readonly HashSet<IPAddress> _refused = [];
    private readonly HashSet<IPAddress> _closing = [];
    private volatile IReadOnlyList<TransportAddress> _locals = [];
    private AddressWatch? _watch;
    private int _port;
    private bool _isWaiting;
    private bool _isAlone;
    private bool _disposed;

    /// <param name="options">Where.</param>
    /// <param name="stream">Whose, for messages.</param>
    /// <param name="loop">Gets the sockets, and disposes those that are left.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Told of changes.</param>
    public MediaSockets(MediaSocketOptions options, string stream, SessionLoop loop, TimeProvider timeProvider, ILogger logger) =>
        (_options, _stream, _loop, _timeProvider, _logger) = (options, stream, loop, timeProvider, logger);

    /// <summary>Where sockets are bound, best first: the host candidates of the next description. Empty while there is no network.</summary>
    public IReadOnlyList<TransportAddress> Locals => _locals;

    /// <summary>Binds what can be bound, and from then on follows the machine's addresses.</summary>
    /// <exception cref="P2PException">The port is taken, or not one of the addresses that were given is this machine's.</exception>
    public void Open()
    {
        lock (_gate)
        {
            var wanted = List();
            if (wanted.Count > 0)
            {
                BindFirst(wanted);
            }

            Publish(wanted);
            _watch = new AddressWatch(_timeProvider, Look);
        }
    }

    /// <summary>Ends the following; the sockets are the loop's to close.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _watch?.Dispose();
            if (_port != 0)
            {
                OwnMediaPorts.Leave(_port, _stream);
            }
        }
    }

    /// <summary>Compares the sockets with the addresses that there are now.</summary>
    internal void Look()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            try
            {
                Follow(List());
            }
            catch (Exception e)
            {
                // A timer calls, and whatever went wrong may be right at the next look.
                var why = Words.Sentence(e.Message);
                LogLookFailed(_stream, why);
            }
        }
    }

    private void Follow(IReadOnlyList<IPAddress> wanted)
    {
        DropWhatIsGone();
        try
        {
            if (_port == 0 && wanted.Count > 0)
            {
                BindFirst(wanted);
            }
            else
            {
                BindMissing(wanted);
            }
        }
        catch (P2PException e)
        {
            SayOnce(wanted, e.Message);
        }

        _refused.IntersectWith(wanted);
        Publish(wanted);
    }

    private IReadOnlyList<IPAddress> List() => _options.Addresses.Count > 0 ? _options.Addresses : _options.Network.ListUsable(_options.IncludeLoopback);

    /// <summary>Chooses the port as well: one that is free on all addresses.</summary>
    private void BindFirst(IReadOnlyList<IPAddress> wanted)
    {
        for (var (attempt, port) = (1, _options.Port); ; attempt++)
        {
            if (TryBindAll(wanted, port))
            {
                break;
            }

            // With port 0 the first address chooses a port that another address may have in use: choose again.
            if (attempt == PortAttempts || (port != 0 && !_options.MayTakeNextPort) || port == IPEndPoint.MaxPort)
            {
                throw MediaPortErrors.Taken(port, _stream);
            }

            port += port == 0 ? 0 : 1;
        }

        if (_bound.Count == 0)
        {
            if (_options.Addresses.Count > 0)
            {
                throw MediaPortErrors.NoneIsLocal(_options.Addresses);
            }

            return;
        }

        _port = _bound.Values.First().Port;
        if (_options.Port != 0)
        {
            OwnMediaPorts.Enter(_port, _stream);
            if (_port != _options.Port)
            {
                var owner = OwnMediaPorts.OwnerOf(_options.Port) is { } own ? $"this program's broadcaster '{own}'" : "another program";
                LogNextPort(_stream, _port, _options.Port, owner);
            }
        }
    }

    /// <summary>False, and nothing is bound, if the port is taken on one of them: half a machine's addresses would be a riddle to viewers.</summary>
    private bool TryBindAll(IReadOnlyList<IPAddress> wanted, int port)
    {
        var made = new List<(IPAddress Address, UdpEndpoint Endpoint)>();
        foreach (var address in wanted.Distinct())
        {
            switch (TryBind(address, made.Count > 0 ? made[0].Endpoint.Local.Port : port, out var endpoint))
            {
                case SocketError.Success:
                    made.Add((address, endpoint!));
                    break;
                case SocketError.AccessDenied when port is > 0 and < FirstFreePort:
                    made.ForEach(entry => entry.Endpoint.DisposeUnused());
                    throw MediaPortErrors.NotAllowed(port);
                case SocketError.AddressAlreadyInUse or SocketError.AccessDenied:
                    made.ForEach(entry => entry.Endpoint.DisposeUnused());
                    return false;
            }
        }

        made.ForEach(entry => Attach(entry.Address, entry.Endpoint));
        return true;
    }

    private void BindMissing(IReadOnlyList<IPAddress> wanted)
    {
        foreach (var address in wanted)
        {
            if (_bound.ContainsKey(address) || _closing.Contains(address))
            {
                continue;
            }

            var error = TryBind(address, _port, out var endpoint);
            if (error == SocketError.Success)
            {
                Attach(address, endpoint!);
            }
            else if (error == SocketError.AddressAlreadyInUse)
            {
                SayOnce([address], MediaPortErrors.Taken(_port, _stream).Message);
            }
        }
    }

    // Whatever else is wrong with one address (it went away, or is still being checked for duplicates, as IPv6 does): the others will do, and it is tried again.
    private static SocketError TryBind(IPAddress address, int port, out UdpEndpoint? endpoint)
    {
        try
        {
            endpoint = UdpEndpoint.Bind(address, port);
            return SocketError.Success;
        }
        catch (SocketException e)
        {
            endpoint = null;
            return e.SocketErrorCode;
        }
    }

    private void Attach(IPAddress address, UdpEndpoint endpoint)
    {
        _bound.Add(address, endpoint.Local);
        _refused.Remove(address);
        _loop.Attach(endpoint);
    }

    // An address that is there and not wanted any more, such as loopback once there is a network, stays for the sessions that use it.
    private void DropWhatIsGone()
    {
        foreach (var address in _bound.Keys.Where(address => !_options.Network.Has(address)).ToList())
        {
            _closing.Add(address);
            _ = LookWhenClosedAsync(address, _loop.DetachAsync(_bound[address]));
            _bound.Remove(address);
        }
    }

    // An address that is back at once must not find its own old socket in the way.
    private async Task LookWhenClosedAsync(IPAddress address, Task closed)
    {
        await closed;
        lock (_gate)
        {
            _closing.Remove(address);
        }

        Look();
    }

    private void Publish(IReadOnlyList<IPAddress> wanted)
    {
        var (before, now) = (_locals, wanted.Distinct().Where(_bound.ContainsKey).Select(address => _bound[address]).ToList());
        if (now.Count == 0 && !_isWaiting)
        {
            LogNoAddress(_stream);
        }

        _isWaiting = now.Count == 0;
        var isAlone = now.Count > 0 && _options is { IncludeLoopback: false, Addresses.Count: 0 } && now.All(local => IPAddress.IsLoopback(local.ToIPEndPoint().Address));
        if (isAlone && !_isAlone)
        {
            LogAlone(_stream);
        }

        _isAlone = isAlone;
        if (now.SequenceEqual(before))
        {
            return;
        }

        _locals = now;
        _loop.SetLocalAddresses(now);
        if (now.Count > 0)
        {
            LogAddresses(_stream, now.Count, now[0].Port);
        }
    }

    private void SayOnce(IReadOnlyList<IPAddress> addresses, string reason)
    {
        var isNew = false;
        foreach (var address in addresses)
        {
            isNew |= _refused.Add(address);
        }

        if (isNew)
        {
            var why = Words.Sentence(reason);
            LogNotBound(_stream, why);
        }
    }
}
