using System.Security.Cryptography;
using P2PCam.TestKit.Networks;

namespace P2PCam.Browser.Tests.Hosts;

/// <summary>The sample Rendezvous by HTTPS: where it is found, and the fingerprint by which programs trust it.</summary>
internal sealed class RendezvousHost(NetworkNamespace space, string address, string dataFolder) : IAsyncDisposable
{
    public const int Port = 3100;
    private SampleProcess? _process;

    /// <summary>SHA-256 of its certificate authority; the same after a restart.</summary>
    public string Fingerprint { get; private set; } = "";

    public Uri PageOf(string stream) => new($"https://{address}:{Port}/s/{stream}");

    /// <summary>The arguments by which the samples find it.</summary>
    public string[] ArgumentsFor(string transport) =>
        ["--server", transport == "signalr" ? $"https://{address}:{Port}/hub" : $"wss://{address}:{Port}/signal", "--pin-sha256", Fingerprint];

    public async Task StartAsync()
    {
        var environment = new Dictionary<string, string> { ["XDG_DATA_HOME"] = dataFolder };
        _process = SampleProcess.Start(space, "Rendezvous", environment, "--port", Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "--https", "true");
        await _process.WaitForLineAsync(line => line.Contains("is ready", StringComparison.Ordinal));
        using var client = new HttpClient(space.CreateHttpHandler());
        Fingerprint = Convert.ToHexString(SHA256.HashData(await client.GetByteArrayAsync(new Uri($"https://{address}:{Port}/trust/p2pcam-ca.crt"))));
    }

    public async Task KillAsync()
    {
        await _process!.KillAsync();
        await _process.DisposeAsync();
    }

    public ValueTask DisposeAsync() => _process?.DisposeAsync() ?? ValueTask.CompletedTask;
}
