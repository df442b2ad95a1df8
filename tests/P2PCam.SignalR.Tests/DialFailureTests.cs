using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using P2PCam.AspNetCore;

namespace P2PCam.SignalR.Tests;

/// <summary>A program that cannot join is told what is at fault and what to do, by both transports alike: against real servers on loopback.</summary>
public class DialFailureTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CertificateOfNobody_IsNamed_WithItsFingerprintAndHowToTrustIt(bool byHub)
    {
        using var certificate = Certificate(Now.AddDays(-1), Now.AddDays(1), "localhost");
        await using var host = await StartAsync(certificate);
        var error = await DialAsync(byHub, $"https://localhost:{PortOf(host)}{PathOf(byHub)}");
        Assert.Equal("P2P2015", error.Code);
        Assert.Contains("it has signed itself", error.Message);
        Assert.Contains(certificate.GetCertHashString(HashAlgorithmName.SHA256), error.Message);
        Assert.Contains("ServerCertificateSha256", error.Message);
        Assert.Contains("--pin-sha256", error.Message);
        Assert.Contains($"https://localhost:{PortOf(host)}/trust", error.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CertificateForAnotherName_IsNamed_WithTheNamesThatItIsFor(bool byHub)
    {
        using var certificate = Certificate(Now.AddDays(-1), Now.AddDays(1), "desk.local");
        await using var host = await StartAsync(certificate);
        var error = await DialAsync(byHub, $"https://localhost:{PortOf(host)}{PathOf(byHub)}");
        Assert.Equal("P2P2015", error.Code);
        Assert.Contains("it is for desk.local, and not for 'localhost'", error.Message);
        Assert.Contains("Write one of those in the address", error.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ExpiredCertificate_IsSaidToBe(bool byHub)
    {
        using var certificate = Certificate(Now.AddDays(-9), Now.AddDays(-2), "localhost");
        await using var host = await StartAsync(certificate);
        var error = await DialAsync(byHub, $"https://localhost:{PortOf(host)}{PathOf(byHub)}");
        Assert.Contains($"it expired on {Now.AddDays(-2).LocalDateTime:yyyy-MM-dd}", error.Message);
        Assert.Contains("have the host make a new one", error.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CertificateOfTomorrow_PutsTheClockInQuestion(bool byHub)
    {
        using var certificate = Certificate(Now.AddDays(2), Now.AddDays(9), "localhost");
        await using var host = await StartAsync(certificate);
        var error = await DialAsync(byHub, $"https://localhost:{PortOf(host)}{PathOf(byHub)}");
        Assert.Contains("this machine's clock says", error.Message);
    }

    [Theory]
    [InlineData(false, "/")]
    [InlineData(false, "/signl")]
    [InlineData(false, "/s/default")]
    [InlineData(true, "/")]
    [InlineData(true, "/signalr")]
    public async Task WrongPath_NamesTheRightOne(bool byHub, string path)
    {
        await using var host = await StartAsync();
        var error = await DialAsync(byHub, $"http://127.0.0.1:{PortOf(host)}{path}");
        Assert.Equal("P2P2016", error.Code);
        Assert.Contains($"write {(byHub ? "http" : "ws")}://127.0.0.1:{PortOf(host)}{PathOf(byHub)}.", error.Message);
        Assert.DoesNotContain("'101'", error.Message);
    }

    [Theory]
    [InlineData(false, "/cam/", "/cam")]
    [InlineData(false, "/cam/s/garden", "/cam")]
    [InlineData(false, "/house/cam/camera/garden/", "/house/cam")]
    [InlineData(true, "/cam/camera", "/cam")]
    [InlineData(true, "/cam/whep/garden", "/cam")]
    [InlineData(true, "/s/garden", "")]
    public async Task AddressOfAPageBelowAFolder_LeadsToSignalingInThatFolder(bool byHub, string page, string folder)
    {
        await using var host = await StartAsync(null);
        var error = await DialAsync(byHub, $"http://127.0.0.1:{PortOf(host)}{page}");
        Assert.Contains($"write {(byHub ? "http" : "ws")}://127.0.0.1:{PortOf(host)}{folder}{PathOf(byHub)}.", error.Message);
    }

    [Theory]
    [InlineData(false, "/hub")]
    [InlineData(true, "/signal")]
    public async Task PathOfTheOtherTransport_IsSaidToBeNoneOfThisOne(bool byHub, string path)
    {
        await using var host = await StartAsync();
        var error = await DialAsync(byHub, $"http://127.0.0.1:{PortOf(host)}{path}");
        Assert.Equal("P2P2009", error.Code);
        Assert.Contains("/signal (WebSocket) and /hub (SignalR)", error.Message);
        Assert.DoesNotContain("Message", error.Message);
    }

    [Theory]
    [InlineData(401, "signed in")]
    [InlineData(403, "HTTP 403")]
    [InlineData(421, "does not go by the name '127.0.0.1'")]
    [InlineData(429, "too often")]
    [InlineData(500, "its log says why")]
    [InlineData(502, "a proxy answered")]
    [InlineData(503, "no more connections")]
    [InlineData(302, "sends on to '/login'")]
    [InlineData(418, "HTTP 418")]
    public async Task WhatAServerAnswersInstead_IsPutInWords(int status, string words)
    {
        await using var host = await StartAsync(answer: context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = status == 302 ? "/login" : default;
            return Task.CompletedTask;
        });
        foreach (var byHub in new[] { false, true })
        {
            var error = await DialAsync(byHub, $"http://127.0.0.1:{PortOf(host)}{PathOf(byHub)}");
            Assert.Equal("P2P2016", error.Code);
            Assert.Contains(words, error.Message);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PlainAddressOfAnEncryptedHost_NamesTheEncryptedOne(bool byHub)
    {
        var data = Directory.CreateTempSubdirectory("p2pcam-");
        try
        {
            var builder = WebApplication.CreateBuilder();
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<InMemorySignaling>();
            builder.UseP2PCamLanHttps(0, https => https.DataDirectory = data.FullName);
            await using var app = builder.Build();
            app.MapP2PCam();
            await app.StartAsync();
            var port = app.Services.GetRequiredService<LanHttpsInfo>().Port;
            var error = await DialAsync(byHub, $"http://localhost:{port}{PathOf(byHub)}");
            Assert.Equal("P2P2015", error.Code); // .NET goes where it is sent on to
            Assert.Contains($"write {(byHub ? "https" : "wss")}://localhost:{port}{PathOf(byHub)}", error.Message);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EncryptedAddressOfAPlainHost_NamesThePlainOne(bool byHub)
    {
        await using var host = await StartAsync();
        var error = await DialAsync(byHub, $"https://127.0.0.1:{PortOf(host)}{PathOf(byHub)}");
        Assert.Equal("P2P2002", error.Code);
        Assert.Contains($"write {(byHub ? "http" : "ws")}://127.0.0.1:{PortOf(host)}{PathOf(byHub)}.", error.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NobodyListens_NamesThePort(bool byHub)
    {
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound and not listening: nobody else gets it
        var port = ((IPEndPoint)closed.LocalEndPoint!).Port;
        var error = await DialAsync(byHub, $"ws://127.0.0.1:{port}{PathOf(byHub)}");
        Assert.Equal("P2P2002", error.Code);
        Assert.Contains($"nothing listens at port {port}", error.Message);
    }

    [Fact]
    public async Task NoSuchHost_NamesTheHost()
    {
        var error = await DialAsync(false, "ws://no-such-host.invalid/signal");
        Assert.Equal("P2P2002", error.Code);
        Assert.Contains("'no-such-host.invalid'", error.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task HostThatSaysNothing_IsNamed(bool byHub)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        var error = await DialAsync(byHub, $"ws://127.0.0.1:{port}{PathOf(byHub)}", timeout: TimeSpan.FromSeconds(1.5));
        Assert.Equal("P2P2002", error.Code);
        Assert.Contains($"127.0.0.1:{port}: no answer within 1.5 s", error.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PinThatIsAskedFor_IsSaidHowToGive_AndOpensOnceGiven(bool byHub)
    {
        await using var host = await StartAsync(endpoints: options => options.ViewerPin = "471108");
        var address = $"http://127.0.0.1:{PortOf(host)}{PathOf(byHub)}";
        var error = await DialAsync(byHub, address);
        Assert.Equal("P2P3101", error.Code);
        Assert.Contains("by Pin in the options of its transport (ConsoleViewer: --pin)", error.Message);
        await using var transport = Create(byHub, address, pin: "471108");
        await transport.ConnectAsync(new SignalingJoin("default", SignalingRole.Viewer));
    }

    [Fact]
    public async Task TokenThatIsAskedFor_IsSaidHowToGive()
    {
        await using var host = await StartAsync(services: services => services.AddP2PCamTokens());
        var error = await DialAsync(false, $"http://127.0.0.1:{PortOf(host)}/signal");
        Assert.Equal("P2P3104", error.Code);
        Assert.Contains("AccessTokenProvider", error.Message);
    }

    [Theory]
    [InlineData("192.168.1.20/signal", "wss://192.168.1.20/signal")]
    [InlineData("camera:3000/signal", "wss://camera:3000/signal")]
    [InlineData("localhost:3000", "wss://localhost:3000/signal")]
    [InlineData("//192.168.1.20:3000/signal", "wss://192.168.1.20:3000/signal")]
    [InlineData("ftp://192.168.1.20:3000/signal", "wss://192.168.1.20:3000/signal")]
    [InlineData("/signal", "wss://192.168.1.20:3000/signal")]
    [InlineData("signal", "wss://192.168.1.20:3000/signal")]
    public void AddressThatIsNoWholeOne_IsRefused_WithOneThatWouldBe(string address, string right)
    {
        var error = Assert.Throws<ArgumentException>(() => new WebSocketSignalingTransport(new Uri(address, UriKind.RelativeOrAbsolute)));
        Assert.Contains(right, error.Message);
        var hub = Assert.Throws<ArgumentException>(() => new SignalRSignalingTransport(new Uri(address, UriKind.RelativeOrAbsolute)));
        Assert.Contains(right.Replace("wss:", "https:", StringComparison.Ordinal).Replace(":3000/signal", ":3000/", StringComparison.Ordinal), hub.Message);
    }

    [Theory]
    [InlineData("https://192.168.1.20:3000/signal#token=abcdef")]
    [InlineData("wss://me:abcdef@192.168.1.20:3000/signal")]
    public void SecretInTheAddress_IsRefused_AndNotRepeated(string address)
    {
        var error = Assert.Throws<ArgumentException>(() => new WebSocketSignalingTransport(new Uri(address)));
        Assert.Contains("AccessTokenProvider", error.Message);
        Assert.DoesNotContain("abcdef", error.Message);
    }

    [Theory]
    [InlineData("ws://192.168.1.20:3000/signal")]
    [InlineData("http://192.168.1.20:3000/signal")]
    public void FingerprintForAnAddressWithoutACertificate_IsRefused(string address)
    {
        var error = Assert.Throws<ArgumentException>(() => new WebSocketSignalingTransport(new Uri(address), options => options.ServerCertificateSha256 = new string('a', 64)));
        Assert.Contains("write wss://", error.Message);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(121.0)]
    [InlineData(-1.0)]
    public void TimeoutOutOfItsRange_IsRefused(double seconds)
    {
        Assert.ThrowsAny<ArgumentException>(() => new WebSocketSignalingTransport(new Uri("ws://a/signal"), options => options.ConnectTimeout = TimeSpan.FromSeconds(seconds)));
        Assert.ThrowsAny<ArgumentException>(() => new SignalRSignalingTransport(new Uri("http://a/hub"), options => options.ConnectTimeout = TimeSpan.FromSeconds(seconds)));
    }

    private static string PathOf(bool byHub) => byHub ? "/hub" : "/signal";

    private static int PortOf(WebApplication app) => new Uri(app.Urls.First()).Port;

    private static SignalingTransport Create(bool byHub, string address, TimeSpan? timeout = null, string? pin = null) => byHub
        ? new SignalRSignalingTransport(new Uri(address), options => (options.ConnectTimeout, options.Pin) = (timeout ?? TimeSpan.FromMinutes(1), pin))
        : new WebSocketSignalingTransport(new Uri(address), options => (options.ConnectTimeout, options.Pin) = (timeout ?? TimeSpan.FromMinutes(1), pin));

    private static async Task<SignalingException> DialAsync(bool byHub, string address, TimeSpan? timeout = null)
    {
        await using var transport = Create(byHub, address, timeout);
        var error = await Assert.ThrowsAsync<SignalingException>(() => transport.ConnectAsync(new SignalingJoin("default", SignalingRole.Viewer)));
        Assert.DoesNotContain("..", error.Message);
        return error;
    }

    private static async Task<WebApplication> StartAsync(
        X509Certificate2? certificate = null, RequestDelegate? answer = null, Action<P2PCamEndpointOptions>? endpoints = null, Action<IServiceCollection>? services = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => _ = certificate is null ? listen : listen.UseHttps(certificate)));
        builder.Services.AddSingleton<InMemorySignaling>();
        services?.Invoke(builder.Services);
        var app = builder.Build();
        if (answer is not null)
        {
            app.Run(answer);
        }
        else
        {
            app.MapP2PCam(configure: endpoints);
        }

        await app.StartAsync();
        return app;
    }

    private static X509Certificate2 Certificate(DateTimeOffset notBefore, DateTimeOffset notAfter, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(notBefore, notAfter);
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
