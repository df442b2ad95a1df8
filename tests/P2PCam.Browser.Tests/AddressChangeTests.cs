using P2PCam.Browser.Tests.Browsers;
using P2PCam.Browser.Tests.Hosts;
using P2PCam.TestKit.Networks;

namespace P2PCam.Browser.Tests;

/// <summary>The host's addresses come, go and change while the sample runs. Its sockets were bound once, and every viewer waited for ever.</summary>
[Collection("browsers")]
public sealed class AddressChangeTests : IDisposable
{
    private const string Other = "10.77.0.9";
    private static readonly string[] TestPattern = ["--source", "test", "--size", "640x360", "--bitrate", "800k", "--no-qr"];
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("p2pcam-data-");

    public void Dispose() => _data.Delete(recursive: true);

    [NetworkFact("chromium")]
    public async Task ProgramThatStartsBeforeTheNetwork_IsWatchedWhenThatIsThere()
    {
        await using var network = TwoHostNetwork.Create();
        network.Host.Ip("addr flush dev eth0");
        await using var host = await StartAsync(network);
        await host.WaitForLineAsync(line => line.Contains("P2P2103", StringComparison.Ordinal));
        network.Host.Ip($"addr add {TwoHostNetwork.HostAddress}/24 dev eth0");

        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        await using var page = await browser.NewPageAsync();
        await page.OpenAsync(new Uri($"https://{TwoHostNetwork.HostAddress}:3000/"));
        await page.WaitForMovementAsync();
    }

    [NetworkFact("chromium")]
    public async Task AnotherAddress_IsWatchedByTheNextViewer_AndTheOneThatWatchesGoesOn()
    {
        await using var network = TwoHostNetwork.Create();
        foreach (var (space, address) in new[] { (network.Host, TwoHostNetwork.HostAddressV6), (network.Viewer, TwoHostNetwork.ViewerAddressV6) })
        {
            space.Ip($"addr del {address}/64 dev eth0");
        }

        await using var host = await StartAsync(network);
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        await using var before = await browser.NewPageAsync();
        await before.OpenAsync(new Uri($"https://{TwoHostNetwork.HostAddress}:3000/"));
        await before.WaitForMovementAsync();

        network.Host.Ip($"addr del {TwoHostNetwork.HostAddress}/24 dev eth0");
        network.Host.Ip($"addr add {Other}/24 dev eth0");
        network.Host.Ip($"route replace default via {TwoHostNetwork.ViewerAddress}");

        await using var after = await browser.NewPageAsync();
        await after.OpenAsync(new Uri($"https://{Other}:3000/"));
        await after.WaitForMovementAsync();
        await before.WaitForMovementAsync();
    }

    [NetworkFact("chromium")]
    public async Task CardThatGoesAndComesBack_IsWatchedAgain()
    {
        await using var network = TwoHostNetwork.Create();
        await using var host = await StartAsync(network);
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        network.Host.Ip("link set eth0 down");
        network.Host.Ip("addr flush dev eth0");
        await host.WaitForLineAsync(line => line.Contains("P2P2103", StringComparison.Ordinal));
        network.Host.Ip("link set eth0 up");
        network.Host.Ip($"addr add {TwoHostNetwork.HostAddress}/24 dev eth0");

        await using var page = await browser.NewPageAsync();
        await page.OpenAsync(new Uri($"https://{TwoHostNetwork.HostAddress}:3000/"));
        await page.WaitForMovementAsync();
    }

    private Task<SampleProcess> StartAsync(TwoHostNetwork network) =>
        SampleProcess.StartAsync(network.Host, "Watch", "LanCamera", ["--data-dir", _data.FullName, .. TestPattern]);
}
