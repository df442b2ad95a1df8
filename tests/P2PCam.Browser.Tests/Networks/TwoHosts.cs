namespace P2PCam.Browser.Tests.Networks;

/// <summary>
/// Two network namespaces joined by a veth pair: the PC with the camera (10.77.0.1) and a PC that watches (10.77.0.2). Made anew for each
/// use and taken down afterwards.
/// </summary>
internal sealed class TwoHosts : IAsyncDisposable
{
    private static int _count;

    private TwoHosts(string suffix) => (Host, Viewer) = ($"p2ph{suffix}", $"p2pv{suffix}");

    public static string HostAddress => "10.77.0.1";

    public string Host { get; }

    public string Viewer { get; }

    /// <param name="viewerHasRoute">Without a default route a browser finds no address of its own and sends no candidates at all.</param>
    public static async Task<TwoHosts> CreateAsync(bool viewerHasRoute = true)
    {
        var hosts = new TwoHosts($"{Environment.ProcessId % 100_000}x{Interlocked.Increment(ref _count)}");
        try
        {
            await hosts.SetUpAsync(viewerHasRoute);
            return hosts;
        }
        catch
        {
            await hosts.DisposeAsync();
            throw;
        }
    }

    /// <summary>Drops this share of the UDP datagrams that arrive on each side.</summary>
    public async Task SetLossAsync(int percent)
    {
        foreach (var name in new[] { Host, Viewer })
        {
            await InAsync(name, "nft", "add", "table", "inet", "loss");
            await InAsync(name, "nft", "add", "chain", "inet", "loss", "in", "{ type filter hook input priority 0; }");
            await InAsync(name, "nft", "add", "rule", "inet", "loss", "in", "ip", "protocol", "udp", "numgen", "random", "mod", "100", "<", $"{percent}", "counter", "drop");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in new[] { Host, Viewer })
        {
            try
            {
                await Shell.RunAsync("ip", "netns", "del", name);
            }
            catch (InvalidOperationException)
            {
                // It was never made.
            }
        }
    }

    private static Task<string> InAsync(string name, params string[] command) => Shell.RunAsync("ip", ["netns", "exec", name, .. command]);

    private async Task SetUpAsync(bool viewerHasRoute)
    {
        await Shell.RunAsync("ip", "netns", "add", Host);
        await Shell.RunAsync("ip", "netns", "add", Viewer);
        await Shell.RunAsync("ip", "link", "add", "eth0", "netns", Host, "type", "veth", "peer", "name", "eth0", "netns", Viewer);
        await BringUpAsync(Host, HostAddress);
        await BringUpAsync(Viewer, "10.77.0.2");
        await Shell.RunAsync("ip", "-n", Host, "route", "add", "default", "via", "10.77.0.2");
        if (viewerHasRoute)
        {
            await Shell.RunAsync("ip", "-n", Viewer, "route", "add", "default", "via", HostAddress);
        }
    }

    private static async Task BringUpAsync(string name, string address)
    {
        await Shell.RunAsync("ip", "-n", name, "addr", "add", $"{address}/24", "dev", "eth0");
        await Shell.RunAsync("ip", "-n", name, "link", "set", "lo", "up");
        await Shell.RunAsync("ip", "-n", name, "link", "set", "eth0", "up");
    }
}
