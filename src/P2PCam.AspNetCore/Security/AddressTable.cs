using System.Net;

namespace P2PCam.AspNetCore.Security;

/// <summary>
/// One <typeparamref name="T"/> per client address, and at most <paramref name="capacity"/> of them: who floods from many addresses makes
/// this forget the address that was seen least recently, not grow. Callers lock.
/// </summary>
internal sealed class AddressTable<T>(int capacity, Func<T> create)
{
    private readonly Dictionary<IPAddress, LinkedListNode<(IPAddress Key, T Value)>> _byAddress = [];
    private readonly LinkedList<(IPAddress Key, T Value)> _oldestFirst = [];

    public int Count => _byAddress.Count;

    public bool Contains(IPAddress? remote) => _byAddress.ContainsKey(AddressKey.Of(remote));

    /// <summary>The entry of the address's /64 or IPv4 address, made if there is none.</summary>
    public T Get(IPAddress? remote)
    {
        var key = AddressKey.Of(remote);
        if (_byAddress.TryGetValue(key, out var node))
        {
            _oldestFirst.Remove(node);
            _oldestFirst.AddLast(node);
            return node.Value.Value;
        }

        if (_byAddress.Count == capacity)
        {
            _byAddress.Remove(_oldestFirst.First!.Value.Key);
            _oldestFirst.RemoveFirst();
        }

        node = _oldestFirst.AddLast((key, create()));
        _byAddress.Add(key, node);
        return node.Value.Value;
    }
}
