using P2PCam.Browser.Tests.Browsers;
using P2PCam.Browser.Tests.Hosts;
using P2PCam.TestKit;
using P2PCam.TestKit.Networks;
using P2PCam.TestKit.Processes;

namespace P2PCam.Browser.Tests;

/// <summary>LanCamera behind a real nginx with the folder block of docs/reverse-proxy.md, and the same block without what makes WebSockets work.</summary>
[Collection("browsers")]
public sealed class ReverseProxyTests : IDisposable
{
    private static readonly Uri Address = new($"https://{TwoHostNetwork.HostAddress}:8443/cam/");
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("p2pcam-data-");

    public void Dispose() => _data.Delete(recursive: true);

    [NetworkFact("chromium,nginx,openssl")]
    public async Task BelowAFolder_ThePictureComes_ByWebSocket()
    {
        await using var network = TwoHostNetwork.Create();
        await using var nginx = await StartNginxAsync(network.Host, block => block);
        await using var host = await StartHostAsync(network.Host, "--behind-proxy");
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        await using var page = await browser.NewPageAsync();
        // Without its slash, as people type it.
        await page.OpenAsync(new Uri(Address, "/cam"));
        await page.WaitForMovementAsync();
        Assert.Equal("Live", (await page.EvaluateAsync("document.getElementById('badge').textContent")).GetString());
        Assert.Equal("/cam/", (await page.EvaluateAsync("location.pathname")).GetString());
        await page.OpenAsync(new Uri(Address, "s/default"));
        await page.WaitForMovementAsync();
    }

    [NetworkFact("chromium,nginx,openssl")]
    public async Task BelowAFolder_OfAProxyThatSaysNothingAndKnowsNoWebSockets_ThePictureComes_ByWhep()
    {
        await using var network = TwoHostNetwork.Create();
        await using var nginx = await StartNginxAsync(
            network.Host,
            block => string.Join('\n', block.Split('\n').Where(line => !line.Contains("proxy_set_header", StringComparison.Ordinal) && !line.Contains("proxy_http_version", StringComparison.Ordinal)))
                .Replace("location /cam/ {", "location /cam/ {\nproxy_set_header Host $host;", StringComparison.Ordinal));
        await using var host = await StartHostAsync(network.Host);
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        await using var page = await browser.NewPageAsync();
        await page.OpenAsync(Address);
        await page.WaitForMovementAsync();
        Assert.Equal("Connected", (await page.EvaluateAsync("document.getElementById('badge').textContent")).GetString());

        // Leaving ends the session, at the address that its Location gave.
        await page.OpenAsync(new Uri(Address, "healthz"));
        await host.WaitForLineAsync("- ");
    }

    private Task<LanCameraProcess> StartHostAsync(NetworkNamespace space, params string[] more) =>
        LanCameraProcess.StartAsync(space, _data.FullName, ["--source", "test", "--size", "640x360", "--bitrate", "800k", "--no-qr", "--http", .. more]);

    private async Task<ChildProcess> StartNginxAsync(NetworkNamespace space, Func<string, string> change)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_data.FullName, "nginx")).FullName;
        Tool.Run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=example.org", "-keyout", $"{folder}/example.org.key", "-out", $"{folder}/example.org.pem");
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "reverse-proxy.md"));
        var block = text.Split("```nginx\n")[2].Split("```")[0];
        var site = change(block)
            .Replace("listen 443 ssl;", "listen 8443 ssl;", StringComparison.Ordinal)
            .Replace("127.0.0.1:5000", "127.0.0.1:3000", StringComparison.Ordinal)
            .Replace("/etc/ssl/", folder + "/", StringComparison.Ordinal);
        var temporary = string.Concat(new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }.Select(name => $"{name}_temp_path {folder}/{name}; "));
        await File.WriteAllTextAsync($"{folder}/nginx.conf", $"daemon off; pid {folder}/pid; error_log stderr notice; worker_processes 1;\nevents {{}}\nhttp {{ access_log off; {temporary}\n{site}\n}}\n");
        var nginx = space.StartProcess("nginx", ["-p", folder, "-e", "stderr", "-c", $"{folder}/nginx.conf"]);
        await nginx.WaitForLineAsync(line => line.Contains("start worker process", StringComparison.Ordinal), TimeSpan.FromMinutes(1));
        return nginx;
    }
}
