using System.Runtime.InteropServices;
using P2PCam.WebRtc.Stun;
using P2PCam.WebRtc.Wire;

namespace P2PCam.Networking;

/// <summary>
/// Finds the session that a datagram belongs to: by the addresses once a check from there was authenticated, else by the ufrag in a STUN
/// request, else (answers to our own checks) by asking. Only authenticated checks enter addresses, so a stranger cannot take them over.
/// </summary>
internal sealed class SessionTable
{
    // RFC 8839 section 5.4 allows 256 characters; ours are far shorter.
    private const int MaxUfrag = 32;
    private const int MaxNames = 3;
    private readonly List<DrivenSession> _all = [];
    private readonly Dictionary<(TransportAddress Local, TransportAddress Remote), DrivenSession> _byAddress = [];
    private readonly Dictionary<string, DrivenSession> _byUfrag = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DrivenSession>.AlternateLookup<ReadOnlySpan<char>> _byUfragSpan;

    public SessionTable() => _byUfragSpan = _byUfrag.GetAlternateLookup<ReadOnlySpan<char>>();

    public List<DrivenSession> All => _all;

    /// <summary>Datagrams that belonged to no session.</summary>
    public long Strays { get; private set; }

    public void Add(DrivenSession driven)
    {
        driven.TableIndex = _all.Count;
        _all.Add(driven);
        Name(driven);
    }

    /// <summary>Notes the ufrag that the session goes by now; the one before still finds it, older ones do not.</summary>
    public void Name(DrivenSession driven)
    {
        if (_byUfrag.TryAdd(driven.Session.LocalUfrag, driven))
        {
            driven.Ufrags.Enqueue(driven.Session.LocalUfrag);
        }

        if (driven.Ufrags.Count > MaxNames)
        {
            _byUfrag.Remove(driven.Ufrags.Dequeue());
        }
    }

    /// <summary>Forgets a session; one that is not in is let be. The last of <see cref="All"/> takes its place.</summary>
    public void Remove(DrivenSession driven)
    {
        if (driven.TableIndex < 0)
        {
            return;
        }

        var last = _all[^1];
        _all[driven.TableIndex] = last;
        last.TableIndex = driven.TableIndex;
        _all.RemoveAt(_all.Count - 1);
        driven.TableIndex = -1;
        while (driven.Ufrags.TryDequeue(out var ufrag))
        {
            _byUfrag.Remove(ufrag);
        }

        foreach (var addresses in driven.Addresses)
        {
            if (_byAddress.TryGetValue(addresses, out var owner) && ReferenceEquals(owner, driven))
            {
                _byAddress.Remove(addresses);
            }
        }

        driven.Addresses.Clear();
    }

    /// <summary>Hands a datagram to its session, and says which one that was; null for none.</summary>
    public DrivenSession? Dispatch(TimeSpan now, in TransportAddress local, in TransportAddress remote, Span<byte> datagram)
    {
        var isStun = DatagramClassifier.Classify(datagram) == DatagramKind.Stun;
        if (isStun && TryFindByUfrag(datagram, out var named))
        {
            if (named.Session.HandleDatagram(now, local, remote, datagram))
            {
                Learn(named, local, remote);
            }

            return named;
        }

        if (_byAddress.TryGetValue((local, remote), out var known))
        {
            known.Session.HandleDatagram(now, local, remote, datagram);
            return known;
        }

        if (isStun)
        {
            foreach (var driven in _all)
            {
                if (driven.Session.HandleDatagram(now, local, remote, datagram))
                {
                    Learn(driven, local, remote);
                    return driven;
                }
            }
        }

        Strays++;
        return null;
    }

    public void DisposeAll()
    {
        foreach (var driven in _all)
        {
            driven.Session.Dispose();
        }

        _all.Clear();
        _byAddress.Clear();
        _byUfrag.Clear();
    }

    private void Learn(DrivenSession driven, in TransportAddress local, in TransportAddress remote)
    {
        if (!driven.Session.IsAuthenticatedPair(local, remote))
        {
            return;
        }

        ref var owner = ref CollectionsMarshal.GetValueRefOrAddDefault(_byAddress, (local, remote), out _);
        if (!ReferenceEquals(owner, driven))
        {
            owner = driven;
            driven.Addresses.Add((local, remote));
        }
    }

    private bool TryFindByUfrag(ReadOnlySpan<byte> datagram, out DrivenSession driven)
    {
        driven = null!;
        Span<char> text = stackalloc char[MaxUfrag];
        return StunMessage.TryReadLocalUfrag(datagram, out var ufrag)
            && ufrag.Length <= MaxUfrag
            && System.Text.Encoding.Latin1.TryGetChars(ufrag, text, out var length)
            && _byUfragSpan.TryGetValue(text[..length], out driven!);
    }
}
