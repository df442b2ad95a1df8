using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace P2PCam.AspNetCore.Tests.LanHttps;

/// <summary>The port as clients meet it: TLS, plain HTTP, silence and noise.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "xunit calls DisposeAsync of IAsyncLifetime.")]
public sealed class LanHttpsHostTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly CollectedLogs _logs = new();
    private readonly ManualTime _time = new(DateTimeOffset.UtcNow);
    private WebApplication _app = null!;

    private LanHttpsInfo Info => _app.Services.GetRequiredService<LanHttpsInfo>();

    private int Port => Info.Port;

    public async Task InitializeAsync() => _app = await StartAsync();

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("localhost", "1.1")]
    [InlineData("127.0.0.1", "1.1")]
    [InlineData("127.0.0.1", "2.0")]
    [InlineData("[::1]", "2.0")]
    public async Task Https_ByNameOrAddress_IsBelievedByWhoTrustsTheAuthority(string host, string version)
    {
        using var client = TrustingClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{host}:{Port}/") { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(version, response.Version.ToString());
        Assert.False(response.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task Https_TrustingNobody_IsRefusedByTheClient()
    {
        using var client = new HttpClient();
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync($"https://127.0.0.1:{Port}/"));
        Assert.IsType<AuthenticationException>(error.InnerException);
    }

    [Fact]
    public async Task Signaling_OverTls_Works()
    {
        using var handler = TrustingHandler();
        using var invoker = new HttpMessageInvoker(handler);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"wss://127.0.0.1:{Port}/signal"), invoker, CancellationToken.None);
        var viewer = new RawViewer(socket);
        await viewer.SendAsync("""{"type":"hello","stream":"default","role":"Viewer"}""");
        Assert.StartsWith("""{"type":"welcome",""", await viewer.ReadAsync());
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/s/garden?x=1")]
    public async Task PlainHttp_IsSentOnToHttps_OnTheSamePort(string path)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var response = await client.GetAsync($"http://localhost:{Port}{path}");
        Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
        Assert.Equal($"https://localhost:{Port}{path}", response.Headers.Location!.ToString());
    }

    [Fact]
    public async Task PlainHttp_ThatIsNoGet_GetsAHint()
    {
        using var client = new HttpClient();
        using var response = await client.PostAsync($"http://localhost:{Port}/", new StringContent("x"));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("https://", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task PlainHttp_ForeignHost_IsNotSentAnywhere()
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://localhost:{Port}/") { Headers = { Host = "evil.example" } };
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, response.StatusCode);
        Assert.Null(response.Headers.Location);
    }

    [Fact]
    public async Task AllowHttp_ServesThePagePlainly_AndStillTakesTls()
    {
        await using var app = await StartAsync(options => options.AllowHttp = true);
        var info = app.Services.GetRequiredService<LanHttpsInfo>();
        using var client = new HttpClient();
        Assert.Contains("<video", await client.GetStringAsync($"http://localhost:{info.Port}/"));
        using var trusting = TrustingClient(app);
        Assert.Contains("<video", await trusting.GetStringAsync($"https://localhost:{info.Port}/"));
        Assert.All(info.GetUrls(), url => Assert.StartsWith("http://", url.Url));
    }

    [Fact]
    public async Task SilentConnection_IsDroppedAfterTenSeconds_AndHoldsUpNobody()
    {
        using var silent = new TcpClient();
        await silent.ConnectAsync(IPAddress.Loopback, Port);
        await _time.WaitForTimerAsync();
        using var client = TrustingClient();
        Assert.Equal("Healthy\n", await client.GetStringAsync($"https://localhost:{Port}/healthz"));
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(0, await silent.GetStream().ReadAsync(new byte[1]));
    }

    [Fact]
    public async Task Noise_IsAnswered400OrDropped_AndTheNextClientIsServed()
    {
        foreach (var noise in new byte[][] { [0], [22, 255, 255, 255], [0x80, 0x2e, 1, 3, 1], Encoding.ASCII.GetBytes("SSH-2.0-x\r\n\r\n"), [.. Enumerable.Repeat((byte)0xFF, 3000)] })
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            var reply = new byte[16];
            try
            {
                await client.GetStream().WriteAsync(noise);
                client.Client.Shutdown(SocketShutdown.Send);
                var length = await client.GetStream().ReadAsync(reply);
                Assert.True(length == 0 || reply[0] == 21 || Encoding.ASCII.GetString(reply).StartsWith("HTTP/1.1 400", StringComparison.Ordinal));
            }
            catch (Exception e) when (e is IOException or SocketException or InvalidOperationException)
            {
                // Reset: dropped.
            }
        }

        using var next = TrustingClient();
        Assert.Equal("Healthy\n", await next.GetStringAsync($"https://localhost:{Port}/healthz"));
        Assert.DoesNotContain(_logs.Lines, line => line.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task TakenPort_FailsAtStart()
    {
        var error = await Assert.ThrowsAsync<IOException>(() => StartAsync(options => options.Port = Port));
        Assert.IsType<AddressInUseException>(error.InnerException);
    }

    [Fact]
    public async Task Trust_OffersTheVeryCertificateOfTheConsole()
    {
        using var client = TrustingClient();
        var page = await client.GetStringAsync($"https://localhost:{Port}/trust");
        Assert.Contains(Info.AuthorityFingerprint![..24], page);
        Assert.Contains(Info.AuthorityFingerprint[72..], page);
        Assert.DoesNotContain("{{", page);

        using var response = await client.GetAsync($"https://localhost:{Port}/trust/p2pcam-ca.crt");
        Assert.Equal("application/x-x509-ca-cert", response.Content.Headers.ContentType!.MediaType);
        var certificate = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(Info.AuthorityFingerprint.Replace(":", ""), Convert.ToHexString(SHA256.HashData(certificate)));

        using var profile = await client.GetAsync($"https://localhost:{Port}/trust/p2pcam-ca.mobileconfig");
        Assert.Equal("application/x-apple-aspen-config", profile.Content.Headers.ContentType!.MediaType);
        var plist = await profile.Content.ReadAsStringAsync();
        var data = plist.Split("<data>")[1].Split("</data>")[0];
        Assert.Equal(certificate, Convert.FromBase64String(data));
        Assert.Equal(2, plist.Split("com.apple.security.root").Length);
    }

    private async Task<WebApplication> StartAsync(Action<LanHttpsOptions>? configure = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders().AddProvider(_logs);
        builder.Services.AddSingleton<InMemorySignaling>();
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.UseP2PCamLanHttps(port: 0, options =>
        {
            options.DataDirectory = _folder.Path;
            configure?.Invoke(options);
        });
        var app = builder.Build();
        app.MapP2PCam();
        await app.StartAsync();
        return app;
    }

    private HttpClient TrustingClient(WebApplication? app = null) => new(TrustingHandler(app));

    /// <summary>Trusts the local authority as a device would that has installed it, and checks everything else.</summary>
    private SocketsHttpHandler TrustingHandler(WebApplication? app = null)
    {
        var anchor = (app ?? _app).Services.GetRequiredService<LanHttpsInfo>().Anchor!;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificate(anchor.Certificate));
        return new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy } };
    }
}
