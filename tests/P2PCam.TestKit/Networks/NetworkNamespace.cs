using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using P2PCam.TestKit.Processes;

namespace P2PCam.TestKit.Networks;

/// <summary>A Linux network namespace: a computer of its own as far as the network is concerned. Named after this process, so that runs do not clash.</summary>
public sealed class NetworkNamespace : IAsyncDisposable
{
    private const string Prefix = "p2pcam-";
    private static readonly Lazy<bool> StaleOnesRemoved = new(RemoveStaleOnce);
    private static int _count;
    private readonly ConcurrentBag<ChildProcess> _started = [];

    private NetworkNamespace(string name) => Name = name;

    public string Name { get; }

    /// <summary>Makes one, with loopback up.</summary>
    public static NetworkNamespace Create(string role)
    {
        _ = StaleOnesRemoved.Value;
        var space = new NetworkNamespace(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref _count)}-{role}"));
        Tool.Run("ip", "netns", "add", space.Name);
        // Duplicate address detection would bring IPv6 addresses seconds later, and browsers break off what they load when addresses change.
        space.Run("sh", "-c", "echo 0 > /proc/sys/net/ipv6/conf/all/accept_dad; echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad");
        space.Ip("link set lo up");
        return space;
    }

    /// <summary>The namespaces that this process made and still has.</summary>
    public static string[] OfThisProcess() =>
        [.. All().Where(name => name.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Environment.ProcessId}-"), StringComparison.Ordinal))];

    /// <summary>Runs `ip` inside; words are split at spaces.</summary>
    public string Ip(string line) => Tool.RunLine($"ip -n {Name} {line}");

    /// <summary>Runs any small program inside.</summary>
    public string Run(string file, params string[] arguments) => Tool.Run("ip", ["netns", "exec", Name, file, .. arguments]);

    /// <summary>Starts a program inside.</summary>
    public ChildProcess StartProcess(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var process = ChildProcess.Start("ip", ["netns", "exec", Name, file, .. arguments], environment, $"{Path.GetFileNameWithoutExtension(file)}@{Name}");
        _started.Add(process);
        return process;
    }

    /// <summary>A socket that lives inside, usable from any thread.</summary>
    public Socket CreateSocket(AddressFamily family, SocketType type, ProtocolType protocol) => NamespaceThread.Run(Name, () => new Socket(family, type, protocol));

    /// <summary>An HTTP handler whose connections start inside; a self-signed certificate will do.</summary>
    public SocketsHttpHandler CreateHttpHandler() => new()
    {
        SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
        AllowAutoRedirect = false,
        UseProxy = false,
        ConnectCallback = async (context, cancellation) =>
        {
            var address = IPAddress.Parse(context.DnsEndPoint.Host.Trim('[', ']'));
            var socket = CreateSocket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.NoDelay = true;
                await socket.ConnectAsync(new IPEndPoint(address, context.DnsEndPoint.Port), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };

    /// <summary>SIGKILL for every process inside.</summary>
    public void KillProcesses() => KillProcesses(Name);

    /// <summary>Ends every process inside, then removes it.</summary>
    public ValueTask DisposeAsync()
    {
        // One that was started a moment ago may be on its way inside still: the kernel does not list it, and it would outlive the namespace.
        foreach (var process in _started)
        {
            process.Kill();
        }

        Remove(Name);
        return ValueTask.CompletedTask;
    }

    /// <summary>Removes what runs left that were aborted: namespaces whose maker is gone. Happens by itself before the first one is made.</summary>
    public static void RemoveStale()
    {
        foreach (var name in All().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            if (int.TryParse(name[Prefix.Length..].Split('-')[0], CultureInfo.InvariantCulture, out var owner) && !ProcessTree.IsAlive(owner))
            {
                Remove(name);
            }
        }
    }

    private static bool RemoveStaleOnce()
    {
        RemoveStale();
        return true;
    }

    private static string[] All() =>
        [.. Tool.Run("ip", "netns", "list").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0])];

    private static void KillProcesses(string name)
    {
        foreach (var pid in Tool.Run("ip", "netns", "pids", name).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            ProcessTree.Kill(int.Parse(pid, CultureInfo.InvariantCulture));
        }
    }

    private static void Remove(string name)
    {
        try
        {
            KillProcesses(name);
            Tool.Run("ip", "netns", "del", name);
        }
        catch (InvalidOperationException) when (!All().Contains(name))
        {
            // Another run tidied up at the same moment.
        }
    }
}
