using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using P2PCam.TestKit;
using P2PCam.TestKit.Processes;

namespace P2PCam.AspNetCore.Tests.Proxies;

/// <summary>A real proxy, with the configuration that docs/reverse-proxy.md prints; only addresses and files of this machine are put in.</summary>
internal sealed class DocumentedProxy : IDocumentedProxy
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly TemporaryFolder _folder;
    private readonly ChildProcess _process;

    private DocumentedProxy(TemporaryFolder folder, ChildProcess process, Uri address)
    {
        (_folder, _process, Address) = (folder, process, address);
        Client = CreateClient();
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    /// <summary>The blocks of one language in the page, in order.</summary>
    public static string[] Blocks(string language)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "reverse-proxy.md"));
        return [.. text.Split($"```{language}\n").Skip(1).Select(part => part[..part.IndexOf("```", StringComparison.Ordinal)])];
    }

    public static async Task<DocumentedProxy> StartNginxAsync(string block, Uri host)
    {
        var folder = new TemporaryFolder();
        var port = FreePort();
        WriteCertificate(folder);
        var site = Replace(block, ("listen 443 ssl;", $"listen 127.0.0.1:{port} ssl;"), ("127.0.0.1:5000", $"127.0.0.1:{host.Port}"))
            .Replace("/etc/ssl/", folder.Path + "/", StringComparison.Ordinal);
        var temporary = string.Concat(new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }.Select(name => $"{name}_temp_path {folder[name]}; "));
        await File.WriteAllTextAsync(
            folder["nginx.conf"], $"daemon off; pid {folder["pid"]}; error_log stderr info; worker_processes 1;\nevents {{}}\nhttp {{ access_log off; {temporary}\n{site}\n}}\n");
        var program = File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx";
        return await StartAsync(folder, ChildProcess.Start(program, ["-p", folder.Path, "-e", "stderr", "-c", folder["nginx.conf"]]), new Uri($"https://example.org:{port}/"), port);
    }

    public static async Task<DocumentedProxy> StartCaddyAsync(string block, Uri host)
    {
        var folder = new TemporaryFolder();
        var port = FreePort();
        WriteCertificate(folder);
        var site = Replace(
            block,
            ("example.org {", $"https://example.org:{port} {{\n\tbind 127.0.0.1\n\ttls {folder["example.org.pem"]} {folder["example.org.key"]}"),
            ("127.0.0.1:5000", $"127.0.0.1:{host.Port}"));
        await File.WriteAllTextAsync(folder["Caddyfile"], $"{{\n\tadmin off\n\tauto_https off\n}}\n{site}");
        var home = new Dictionary<string, string> { ["HOME"] = folder.Path, ["XDG_DATA_HOME"] = folder.Path, ["XDG_CONFIG_HOME"] = folder.Path };
        return await StartAsync(folder, ChildProcess.Start("caddy", ["run", "--adapter", "caddyfile", "--config", folder["Caddyfile"]], home), new Uri($"https://example.org:{port}/"), port);
    }

    /// <summary>A free TCP port of loopback, as far as one can know.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>A client that finds example.org on this machine.</summary>
    public static HttpClient CreateClient() => new(CreateHandler());

    public static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true },
        ConnectCallback = async (context, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<DocumentedProxy> StartAsync(TemporaryFolder folder, ChildProcess process, Uri address, int port)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            Assert.False(process.HasExited, $"The proxy ended:\n{process.Output.Tail()}");
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port, limit.Token);
                return new DocumentedProxy(folder, process, address);
            }
            catch (SocketException)
            {
                await Task.Delay(50, limit.Token);
            }
        }
    }

    private static string Replace(string block, params (string Old, string New)[] changes)
    {
        foreach (var (old, @new) in changes)
        {
            Assert.Contains(old, block);
            block = block.Replace(old, @new, StringComparison.Ordinal);
        }

        return block;
    }

    private static void WriteCertificate(TemporaryFolder folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=example.org", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("example.org");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(folder["example.org.pem"], certificate.ExportCertificatePem());
        File.WriteAllText(folder["example.org.key"], key.ExportPkcs8PrivateKeyPem());
    }
}
