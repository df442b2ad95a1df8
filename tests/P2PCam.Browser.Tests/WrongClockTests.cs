using System.Security.Cryptography.X509Certificates;
using P2PCam.Browser.Tests.Hosts;
using P2PCam.TestKit.Networks;

namespace P2PCam.Browser.Tests;

/// <summary>The sample on a computer whose clock is wrong (libfaketime), visited by one whose clock is right. Once it ended with an exception.</summary>
[Collection("browsers")]
public sealed class WrongClockTests : IDisposable
{
    private const string Library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("p2pcam-data-");

    private string ClockFile => Path.Combine(_data.FullName, "clock");

    public void Dispose() => _data.Delete(recursive: true);

    [NetworkFact("faketime", file: Library)]
    public async Task ComputerWithoutABattery_StartsAtItsFirstDay_AndIsSetWhileItRuns()
    {
        await using var network = TwoHostNetwork.Create();
        await using (await StartAsync(network, "1970-01-02 00:00:00"))
        {
            CheckNow(await VisitAsync(network));
            SetClock(DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm:ss"));
            CheckNow(await VisitAsync(network));
        }

        // Its clock is behind again, and by then there is an authority.
        await using (await StartAsync(network, "1999-12-31 23:59:50"))
        {
            CheckNow(await VisitAsync(network));
        }
    }

    [NetworkFact("faketime", file: Library)]
    public async Task ClockThatIsYearsAhead_AndSetBackWhileItRuns_LeavesAPageThatCanBeTrusted()
    {
        await using var network = TwoHostNetwork.Create();
        await using var host = await StartAsync(network, "2051-06-01 12:00:00");
        await VisitAsync(network);
        SetClock(DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm:ss"));
        CheckNow(await VisitAsync(network));
    }

    private async Task<SampleProcess> StartAsync(TwoHostNetwork network, string clock)
    {
        SetClock(clock);
        var environment = new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = Library,
            ["FAKETIME_TIMESTAMP_FILE"] = ClockFile,
            ["FAKETIME_NO_CACHE"] = "1",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            ["TZ"] = "UTC",
        };
        var host = SampleProcess.Start(network.Host, "LanCamera", environment, "--source", "test", "--size", "320x180", "--no-qr", "--data-dir", _data.FullName);
        await host.WaitForLineAsync(line => line.StartsWith("Watch", StringComparison.Ordinal));
        return host;
    }

    // A time that stands still is as good as one that goes, for a certificate.
    private void SetClock(string time)
    {
        var draft = ClockFile + ".new";
        File.WriteAllText(draft, "@" + time + "\n");
        File.Move(draft, ClockFile, overwrite: true);
    }

    /// <summary>What a visitor gets whose device trusts the authority.</summary>
    private static async Task<X509Certificate2> VisitAsync(TwoHostNetwork network)
    {
        X509Certificate2? seen = null;
        using var handler = network.Viewer.CreateHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
        {
            seen = X509CertificateLoader.LoadCertificate(certificate!.GetRawCertData());
            return true;
        };
        using var client = new HttpClient(handler);
        using var response = await client.GetAsync(new Uri($"https://{TwoHostNetwork.HostAddress}:3000/"));
        response.EnsureSuccessStatusCode();
        return seen!;
    }

    private void CheckNow(X509Certificate2 leaf)
    {
        using var authority = X509CertificateLoader.LoadCertificate(X509Certificate2.CreateFromPem(File.ReadAllText(Path.Combine(_data.FullName, "https", "ca.pem"))).RawData);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        Assert.True(chain.Build(leaf), $"{leaf.NotBefore:u} to {leaf.NotAfter:u} by an authority of {authority.NotBefore:u} to {authority.NotAfter:u}: "
            + string.Join(", ", chain.ChainStatus.Select(status => status.StatusInformation)));
        leaf.Dispose();
    }
}
