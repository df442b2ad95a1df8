using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace P2PCam.AspNetCore.Tests.LanHttps;

/// <summary>What a program that trusts one fingerprint connects to, and what it does not.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "xunit calls DisposeAsync of IAsyncLifetime.")]
public sealed class CertificatePinTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private WebApplication _app = null!;

    private LanHttpsInfo Info => _app.Services.GetRequiredService<LanHttpsInfo>();

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<InMemorySignaling>();
        builder.UseP2PCamLanHttps(port: 0, options => options.DataDirectory = _folder.Path);
        _app = builder.Build();
        _app.MapP2PCam();
        await _app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task PinOfTheAuthority_Connects() => Assert.Null(await ConnectAsync(Info.Port, Info.AuthorityFingerprint!));

    [Fact]
    public async Task PinOfTheCertificateItself_Connects() => Assert.Null(await ConnectAsync(Info.Port, await ReadLeafAsync(Info.Port)));

    [Fact]
    public async Task AnotherPin_IsRefused_AndTheErrorSaysWhichCertificateIsThere()
    {
        var error = await ConnectAsync(Info.Port, new string('a', 64));
        Assert.Equal("P2P2015", error?.Code);
        Assert.Contains($"is not the pinned one, nor one for this host by the pinned authority. Its own SHA-256 is {await ReadLeafAsync(Info.Port)}.", error!.Message);
    }

    [Fact]
    public async Task AnotherServer_ThatServesTheRightAuthority_IsRefused()
    {
        var asked = 0;
        await using var other = await StartOtherAsync(context =>
        {
            Interlocked.Increment(ref asked);
            return context.Response.Body.WriteAsync(Info.Anchor!.Certificate).AsTask();
        });
        var error = await ConnectAsync(PortOf(other), Info.AuthorityFingerprint!);
        Assert.Equal(("P2P2015", 1), (error?.Code, asked));
        Assert.Contains(await ReadLeafAsync(PortOf(other)), error!.Message);
    }

    [Fact]
    public async Task AuthorityWithoutEnd_IsNotReadToItsEnd()
    {
        // Not Kestrel, which takes any number of bytes for a connection that is gone: what this writes the client's socket has taken.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeWithoutEndAsync(listener);
        Assert.Equal("P2P2015", (await ConnectAsync(((IPEndPoint)listener.LocalEndpoint).Port, Info.AuthorityFingerprint!))?.Code);
        Assert.InRange(await serving.WaitAsync(TimeSpan.FromMinutes(1)), 1, 64 * 1024 * 1024); // what the kernel's buffers take besides
    }

    [Fact]
    public async Task AuthorityThatNeverComes_IsWaitedForNoLongerThanConnectingMayTake()
    {
        await using var other = await StartOtherAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        var error = await ConnectAsync(PortOf(other), Info.AuthorityFingerprint!, TimeSpan.FromSeconds(2));
        Assert.Equal("P2P2002", error?.Code);
        Assert.Contains("no answer within 2 s", error!.Message);
    }

    [Fact]
    public async Task RightAuthority_ForAnotherAddress_IsRefused_AndTheErrorNamesTheAddressesThatItIsFor()
    {
        var error = await ConnectAsync(Info.Port, Info.AuthorityFingerprint!, host: "127.0.0.2");
        Assert.Equal("P2P2015", error?.Code);
        Assert.Contains("the pinned authority has signed it, but it is for ", error!.Message);
        Assert.Contains("and not for '127.0.0.2'", error.Message);
    }

    [Theory]
    [InlineData("3F:9A", "this has 4 digits")]
    [InlineData("xyz", "not all are digits")]
    [InlineData("", "this has 0 digits")]
    public void FingerprintThatIsNone_SaysWhatItHas(string pin, string words) =>
        Assert.Contains(words, Assert.Throws<ArgumentException>(() => new WebSocketSignalingTransport(new Uri("wss://a/signal"), options => options.ServerCertificateSha256 = pin)).Message);

    [Fact]
    public async Task FingerprintAsTheConsoleBreaksItIntoTwoLines_Connects() =>
        Assert.Null(await ConnectAsync(Info.Port, $"{Info.AuthorityFingerprint![..48]}\n                 {Info.AuthorityFingerprint[48..]}"));

    [Fact]
    public async Task UplinkToACertificateThatIsNotTrusted_NamesItToo()
    {
        await using var camera = Broadcaster.Create(
            new TestPatternSource(64, 64), new InMemorySignaling().CreateTransport(), new BroadcasterOptions { MediaPort = 0, IncludeLoopback = true });
        await camera.StartAsync();
        await using var uplink = new WhipUplink(camera, new Uri($"https://localhost:{Info.Port}/whip"));
        var reason = new TaskCompletionSource<P2PException>(TaskCreationOptions.RunContinuationsAsynchronously);
        uplink.StateChanged += (_, e) => _ = e.Reason is null || reason.TrySetResult(e.Reason);
        uplink.Start();
        var error = await reason.Task.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("P2P2302", error.Code);
        Assert.Contains($"is not trusted: no authority that this machine trusts has signed it. Its own SHA-256 is {await ReadLeafAsync(Info.Port)}.", error.Message);
        Assert.Contains("ServerCertificateSha256", error.Message);
    }

    private static int PortOf(WebApplication app) => new Uri(app.Urls.First()).Port;

    /// <summary>Null if it connected.</summary>
    private static async Task<SignalingException?> ConnectAsync(int port, string pin, TimeSpan? limit = null, string host = "localhost")
    {
        await using var transport = new WebSocketSignalingTransport(new Uri($"wss://{host}:{port}/signal"), options =>
            (options.ServerCertificateSha256, options.ConnectTimeout) = (pin, limit ?? TimeSpan.FromMinutes(1)));
        return await Record.ExceptionAsync(() => transport.ConnectAsync(new SignalingJoin("default", SignalingRole.Viewer))) is { } error ? Assert.IsType<SignalingException>(error) : null;
    }

    private static async Task<string> ReadLeafAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using var tls = new SslStream(client.GetStream(), false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync("localhost");
        return Convert.ToHexString(SHA256.HashData(tls.RemoteCertificate!.GetRawCertData()));
    }

    /// <summary>Answers the first request that comes with a body without end; returns how many bytes of it were taken.</summary>
    private static async Task<long> ServeWithoutEndAsync(TcpListener listener)
    {
        using var certificate = MakeCertificate();
        while (true)
        {
            using var client = await listener.AcceptTcpClientAsync();
            await using var tls = new SslStream(client.GetStream());
            var written = 0L;
            try
            {
                await tls.AuthenticateAsServerAsync(certificate);
                var request = new byte[16 * 1024];
                if (await tls.ReadAsync(request) == 0)
                {
                    continue; // dialled, and did not like the certificate
                }

                await tls.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"u8.ToArray());
                while (true)
                {
                    await tls.WriteAsync(request);
                    written += request.Length;
                }
            }
            catch (Exception e) when (e is IOException or AuthenticationException)
            {
                if (written > 0)
                {
                    return written;
                }
            }
        }
    }

    /// <summary>A server with a certificate of nobody, and with any answer where the authority is fetched from.</summary>
    private static async Task<WebApplication> StartOtherAsync(RequestDelegate authority)
    {
        var certificate = MakeCertificate();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        builder.Services.AddSingleton<InMemorySignaling>();
        var app = builder.Build();
        app.Map("/trust/p2pcam-ca.crt", authority).WithOrder(-1); // ahead of the one of MapP2PCam
        app.MapP2PCam();
        await app.StartAsync();
        return app;
    }
    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
