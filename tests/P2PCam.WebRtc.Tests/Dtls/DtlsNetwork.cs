using P2PCam.WebRtc.Dtls;

namespace P2PCam.WebRtc.Tests.Dtls;

/// <summary>A client and a server over a link that loses, repeats and reorders, in virtual time: same seed, same run.</summary>
internal sealed class DtlsNetwork : IDisposable
{
    private static readonly TimeSpan RealLimit = TimeSpan.FromSeconds(20);
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly PriorityQueue<(bool ToServer, byte[] Datagram), (TimeSpan At, long Number)> _flying = new();
    private readonly Random _random;
    private readonly byte[] _buffer = new byte[1500];
    private long _number;

    public DtlsNetwork(
        int seed = 1, Func<DtlsOptions, DtlsOptions>? client = null, Func<DtlsOptions, DtlsOptions>? server = null)
    {
        _random = new Random(seed);
        Client = new DtlsEndpoint(Configure(client, DtlsRole.Client, ClientCertificate, ServerCertificate), Pool, null);
        Server = new DtlsEndpoint(Configure(server, DtlsRole.Server, ServerCertificate, ClientCertificate), Pool, null);
    }

    public static DtlsCertificate ClientCertificate { get; } = NewCertificate();

    public static DtlsCertificate ServerCertificate { get; } = NewCertificate();

    public DtlsHandshakePool Pool { get; } = new();

    public DtlsEndpoint Client { get; }

    public DtlsEndpoint Server { get; }

    public TimeSpan Now { get; private set; }

    public double Loss { get; init; }

    public double Duplication { get; init; }

    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(5);

    public TimeSpan Jitter { get; init; }

    public int Sent { get; private set; }

    public long SentBytes { get; private set; }

    /// <summary>Sees every datagram before it leaves; what it returns goes on instead (none: lost).</summary>
    public Func<bool, byte[], IEnumerable<byte[]>>? Tamper { get; set; }

    public List<DtlsEvent> ClientEvents { get; } = [];

    public List<DtlsEvent> ServerEvents { get; } = [];

    public static DtlsCertificate NewCertificate() => DtlsCertificate.Create(null, Epoch, Epoch.AddYears(10));

    public void Start()
    {
        Server.Start(Now);
        Client.Start(Now);
        Drain();
    }

    /// <summary>Runs until both ends are done, or nothing is left to happen within the limit.</summary>
    public void Run(TimeSpan limit, Func<bool>? until = null)
    {
        until ??= () => Client.State > DtlsState.Handshaking && Server.State > DtlsState.Handshaking && _flying.Count == 0;
        while (!until())
        {
            var next = Min(Client.NextTimeout, Server.NextTimeout);
            if (_flying.TryPeek(out _, out var key))
            {
                next = Min(next, key.At);
            }

            if (next > limit)
            {
                return;
            }

            Now = next > Now ? next : Now;
            if (_flying.TryPeek(out var flying, out key) && key.At <= Now)
            {
                _flying.Dequeue();
                (flying.ToServer ? Server : Client).HandleDatagram(Now, flying.Datagram);
            }
            else
            {
                Client.HandleTimeout(Now);
                Server.HandleTimeout(Now);
            }

            Drain();
        }
    }

    /// <summary>Hands a datagram to one end now, as a stranger would.</summary>
    public void Inject(bool toServer, ReadOnlySpan<byte> datagram)
    {
        (toServer ? Server : Client).HandleDatagram(Now, datagram);
        Drain();
    }

    /// <summary>Lets time pass without anything happening but what is due.</summary>
    public void Wait(TimeSpan time)
    {
        var end = Now + time;
        Run(end, () => false);
        Now = end;
    }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
        Pool.Dispose();
    }

    public void Drain()
    {
        Drain(Client, toServer: true, ClientEvents);
        Drain(Server, toServer: false, ServerEvents);
    }

    private void Drain(DtlsEndpoint from, bool toServer, List<DtlsEvent> events)
    {
        Assert.True(from.WaitUntilQuiescent(RealLimit), "A handshake thread did not come to rest.");
        while (from.PollTransmit(_buffer, out var length))
        {
            Sent++;
            SentBytes += length;
            var datagram = _buffer[..length];
            foreach (var changed in Tamper?.Invoke(toServer, datagram) ?? [datagram])
            {
                Fly(toServer, changed);
                if (_random.NextDouble() < Duplication)
                {
                    Fly(toServer, changed);
                }
            }
        }

        while (from.PollEvent(out var e))
        {
            events.Add(e);
        }
    }

    private void Fly(bool toServer, byte[] datagram)
    {
        if (_random.NextDouble() >= Loss)
        {
            _flying.Enqueue((toServer, datagram), (Now + Delay + (Jitter * _random.NextDouble()), _number++));
        }
    }

    private static DtlsOptions Configure(Func<DtlsOptions, DtlsOptions>? change, DtlsRole role, DtlsCertificate own, DtlsCertificate other)
    {
        var options = new DtlsOptions { Role = role, Certificate = own, RemoteFingerprints = [other.Fingerprint] };
        return change?.Invoke(options) ?? options;
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
