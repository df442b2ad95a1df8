using System.Net;

namespace P2PCam.AspNetCore.Security;

/// <summary>Counts connections, in total and per address, so that one stranger cannot take them all.</summary>
internal sealed class ConnectionLimiter(int most, int mostPerAddress)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private int _total;

    /// <summary>Takes a place, or null when there is none; disposing gives it back.</summary>
    public IDisposable? TryEnter(IPAddress? remote)
    {
        var key = AddressKey.Of(remote);
        lock (_gate)
        {
            var count = _byAddress.GetValueOrDefault(key);
            if (_total >= most || count >= mostPerAddress)
            {
                return null;
            }

            _total++;
            _byAddress[key] = count + 1;
        }

        return new Place(this, key);
    }

    private void Leave(IPAddress key)
    {
        lock (_gate)
        {
            _total--;
            if (--_byAddress[key] == 0)
            {
                _byAddress.Remove(key);
            }
        }
    }

    private sealed class Place(ConnectionLimiter owner, IPAddress key) : IDisposable
    {
        private ConnectionLimiter? _owner = owner;

        public void Dispose() => Interlocked.Exchange(ref _owner, null)?.Leave(key);
    }
}
