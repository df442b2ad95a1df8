using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using P2PCam.AspNetCore.Configuration;
using P2PCam.Configuration;
using P2PCam.TestKit;

namespace P2PCam.AspNetCore.Tests.Configuration;

/// <summary>What appsettings.json and environment variables say, bound in one call.</summary>
public class AppSettingsTests
{
    [Fact]
    public async Task FileInTheDocs_BindsAsPrinted()
    {
        await using var services = Bind(Printed()).BuildServiceProvider();
        var broadcasters = services.GetRequiredService<IOptionsMonitor<BroadcasterOptions>>();
        var (camera, yard) = (broadcasters.Get("default"), broadcasters.Get("yard"));
        Assert.Equal((2_500_000, 20, true, TimeSpan.FromSeconds(10)), (camera.Bitrate, camera.MaxViewers, camera.CameraOffWhenUnwatched, camera.UnwatchedDelay));
        Assert.Equal((3001, TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(900), "yard"), (yard.MediaPort, yard.KeyFrameCoalescing, yard.SourceStallTimeout, yard.Stream));
        Assert.Equal([IPAddress.Parse("192.168.1.20")], yard.MediaAddresses);
        Assert.NotNull(services.GetKeyedService<IBroadcaster>("yard"));

        var endpoint = services.GetRequiredService<IOptions<P2PCamEndpointOptions>>().Value;
        Assert.Equal(("471108", 500, TimeSpan.FromSeconds(10)), (endpoint.ViewerPin, endpoint.MaxConnections, endpoint.HelloTimeout));
        Assert.Equal((null, null), (endpoint.ViewPolicy, endpoint.BroadcastPolicy));
        Assert.Equal(["camera.example.org"], endpoint.AllowedHosts);
        Assert.Equal(["stun:stun.example.org:3478"], endpoint.IceServers.SelectMany(server => server.Urls));
        Assert.Single(endpoint.TurnServers);
        Assert.Equal(32, services.GetRequiredService<IOptions<P2PCamTokenOptions>>().Value.Keys.Single().Length);
        Assert.NotNull(services.GetService<P2PCamTokens>());

        var https = new LanHttpsOptions();
        P2PCamConfigurationExtensions.Bind(Read(Printed()).GetSection("P2PCam:LanHttps"), LanHttpsSettings.Table, https);
        Assert.Equal((3000, null), (https.Port, https.CertificatePath));
        Assert.Equal(["camera.home.arpa"], https.HostNames);
    }

    [Theory]
    [InlineData(typeof(BroadcasterOptions))]
    [InlineData(typeof(P2PCamEndpointOptions))]
    [InlineData(typeof(P2PCamTokenOptions))]
    [InlineData(typeof(LanHttpsOptions))]
    public void EveryOption_IsASetting_AndInTheDocs(Type options)
    {
        IEnumerable<string> settings = options.Name switch
        {
            nameof(BroadcasterOptions) => BroadcasterSettings.Table.Names,
            nameof(P2PCamEndpointOptions) => EndpointSettings.Table.Names,
            nameof(P2PCamTokenOptions) => TokenSettings.Table.Names,
            _ => LanHttpsSettings.Table.Names,
        };
        var printed = Printed();
        foreach (var property in options.GetProperties())
        {
            Assert.Contains(property.Name, settings);
            Assert.Contains($"\"{property.Name}\":", printed);
        }
    }

    [Theory]
    [InlineData("""{"Broadcaster": {"yard": {"Bitrat": "2M"}}}""", "P2PCam:Broadcaster:yard:Bitrat is no setting. Did you mean Bitrate?")]
    [InlineData("""{"Broadcaster": {"yard": {"Colour": "red"}}}""", "P2PCam:Broadcaster:yard:Colour is no setting. There are Bitrate, ")]
    [InlineData("""{"Broadcaster": {"yard": {"MaxViewers": 0}}}""", "P2PCam:Broadcaster:yard:MaxViewers: MaxViewers is 0; it takes 1 to 10000.")]
    [InlineData("""{"Broadcaster": {"yard": {"MaxViewers": "many"}}}""", "P2PCam:Broadcaster:yard:MaxViewers is 'many'; it takes a whole number.")]
    [InlineData("""{"Broadcaster": {"yard": {"MaxViewers": null}}}""", "P2PCam:Broadcaster:yard:MaxViewers is null; it takes a whole number.")]
    [InlineData("""{"Broadcaster": {"yard": {"MaxViewers": {"Most": 3}}}}""", "P2PCam:Broadcaster:yard:MaxViewers is a section; it takes a whole number.")]
    [InlineData("""{"Broadcaster": {"yard": {"Bitrate": "10"}}}""", "P2PCam:Broadcaster:yard:Bitrate: Bitrate is 10 bit/s; it takes 50000 to 50000000 bit/s.")]
    [InlineData("""{"Broadcaster": {"yard": {"Bitrate": "9999999999999M"}}}""", "P2PCam:Broadcaster:yard:Bitrate is '9999999999999M'; it takes bits per second")]
    [InlineData("""{"Broadcaster": {"yard": {"KeyFrameCoalescing": "300"}}}""", "P2PCam:Broadcaster:yard:KeyFrameCoalescing is '300'; it takes a time such as 300 ms")]
    [InlineData("""{"Broadcaster": {"yard": {"KeyFrameCoalescing": "1 h"}}}""", "P2PCam:Broadcaster:yard:KeyFrameCoalescing: KeyFrameCoalescing is 3600 s; it takes 0 to 5 s.")]
    [InlineData("""{"Broadcaster": {"yard": {"KeyFrameCoalescing": "-1 s"}}}""", "P2PCam:Broadcaster:yard:KeyFrameCoalescing is '-1 s'; it takes a time")]
    [InlineData("""{"Broadcaster": {"yard": {"Slate": "yes"}}}""", "P2PCam:Broadcaster:yard:Slate is 'yes'; it takes true or false.")]
    [InlineData("""{"Broadcaster": {"yard": {"MediaAddresses": ["192.168.1.20", "eth0"]}}}""", "not 'eth0'")]
    [InlineData("""{"Broadcaster": {"yard": {"Source": "webcam"}}}""", "P2PCam:Broadcaster:yard:Source is 'webcam'; it takes auto, test, camera")]
    [InlineData("""{"Broadcaster": {"yard": {"Source": "camera:"}}}""", "P2PCam:Broadcaster:yard:Source is 'camera:'; it takes")]
    [InlineData("""{"Broadcaster": {"yard": {"Source": "test", "PassThrough": true}}}""", "P2PCam:Broadcaster:yard:PassThrough needs a Source")]
    [InlineData("""{"Broadcaster": {"yard": {"Source": "browser", "Width": 640}}}""", "P2PCam:Broadcaster:yard:Width, Height and FrameRate are not for a browser's camera")]
    [InlineData("""{"Broadcaster": {"yard": {"Encoder": "av1"}}}""", "P2PCam:Broadcaster:yard:Encoder is 'av1'; it takes vp8 or h264.")]
    [InlineData("""{"Broadcaster": {"the yard": {"Source": "test"}}}""", "P2PCam:Broadcaster:the yard is no broadcaster")]
    [InlineData("""{"Broadcaster": {"yard": "test"}}""", "P2PCam:Broadcaster:yard is no broadcaster")]
    [InlineData("""{"Broadcasters": {"yard": {}}}""", "P2PCam:Broadcasters is no setting. Did you mean Broadcaster?")]
    [InlineData("""{"Endpoint": {"MaxConnections": 0}}""", "P2PCam:Endpoint:MaxConnections: MaxConnections may be 1 to 100,000, and is 0.")]
    [InlineData("""{"Endpoint": {"HelloTimeout": "10 min"}}""", "P2PCam:Endpoint:HelloTimeout: HelloTimeout may be 1 to 120 s, and is 600 s.")]
    [InlineData("""{"Endpoint": {"AllowedOrigins": ["https://a.example/page"]}}""", "'https://a.example/page' in AllowedOrigins is no origin")]
    [InlineData("""{"Endpoint": {"IceServers": ["stun.example.org"]}}""", "P2PCam:Endpoint:IceServers is a section; it takes addresses such as stun:host:3478")]
    [InlineData("""{"Endpoint": {"TurnServers": [{"Uri": "turn:a:3478"}]}}""", "P2PCam:Endpoint:TurnServers is a section; it takes sections with Uri")]
    [InlineData("""{"Endpoint": {"TurnServers": [{"Uri": "turn:a:3478", "Secret": "s", "Lifetime": "7 d"}]}}""", "Lifetime (1 min to 48 h)")]
    [InlineData("""{"Endpoint": {"Pin": "471108"}}""", "P2PCam:Endpoint:Pin is no setting. There are ")]
    public void WhatIsWrong_IsNamed_WithKeyValueAndWhatWouldBeRight(string json, string words)
    {
        var error = Assert.Throws<OptionsValidationException>(() =>
        {
            using var services = Bind($$"""{"P2PCam": {{json}}}""").BuildServiceProvider();
            services.GetRequiredService<IStartupValidator>().Validate();
        });
        Assert.Contains(words, error.Message);
    }

    [Theory]
    [InlineData("""{"Endpoint": {"ViewerPin": "123"}}""", "123")]
    [InlineData("""{"Tokens": {"Keys": "c2hvcnQ="}}""", "c2hvcnQ=")]
    [InlineData("""{"Tokens": {"Keys": ["c2hvcnQ="]}}""", "c2hvcnQ=")]
    [InlineData("""{"Endpoint": {"TurnServers": [{"Uri": "turn", "Secret": "tuesday"}]}}""", "tuesday")]
    [InlineData("""{"Broadcaster": {"yard": {"Source": "rtsp://me:p@ss#word@:99999/x"}}}""", "word")]
    [InlineData("""{"Broadcaster": {"yard": {"Source": "http://me:tuesday@"}}}""", "tuesday")]
    public void SecretThatIsWrong_IsNotRepeated(string json, string secret)
    {
        var error = Assert.Throws<OptionsValidationException>(() =>
        {
            using var services = Bind($$"""{"P2PCam": {{json}}}""").BuildServiceProvider();
            services.GetRequiredService<IStartupValidator>().Validate();
            _ = services.GetService<P2PCamTokens>();
        });
        Assert.DoesNotContain(secret, error.Message.Replace("user:password@", "", StringComparison.Ordinal).Replace("a password written", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("rtsp://admin:p@ss#1@192.0.2.1/live", "The RTSP camera at 192.0.2.1")]
    [InlineData(" rtsp://admin:a/b@cam.local:8554/live ", "The RTSP camera at cam.local")]
    [InlineData("srt://:9000?mode=listener", "srt://")]
    [InlineData("udp://@239.0.0.1:1234", "udp://239.0.0.1")]
    [InlineData("file:///srv/films/yard.mp4", "yard.mp4")]
    public async Task Source_TakesTheSameAddressesAsLanCamera(string source, string name)
    {
        await using var services = Bind("""{"P2PCam": {"Broadcaster": {"yard": {"Source": "SOURCE"}}}}""".Replace("SOURCE", source, StringComparison.Ordinal)).BuildServiceProvider();
        Assert.Equal(name, services.GetRequiredKeyedService<IBroadcaster>("yard").Source.Name);
    }

    [Fact]
    public void EveryMistake_IsNamedAtOnce()
    {
        using var services = Bind("""{"P2PCam": {"Broadcaster": {"yard": {"Bitrat": 1, "MaxViewers": 0, "Slate": "no"}}}}""").BuildServiceProvider();
        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());
        Assert.Equal(3, error.Failures.Count());
    }

    [Fact]
    public void EnvironmentVariables_AreTheSame_AndListsMayHaveCommas()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["P2PCam:Endpoint:ViewerPin"] = "471108",
            ["P2PCam:Endpoint:ViewPolicy"] = "", // unset in a compose file
            ["P2PCam:Endpoint:AllowedHosts"] = "a.example, b.example",
            ["P2PCAM:BROADCASTER:default:BITRATE"] = "800k",
        }).Build();
        using var services = new ServiceCollection().AddP2PCam(configuration).BuildServiceProvider(); // the whole configuration will do
        var endpoint = services.GetRequiredService<IOptions<P2PCamEndpointOptions>>().Value;
        Assert.Equal(("471108", null), (endpoint.ViewerPin, endpoint.ViewPolicy));
        Assert.Equal(["a.example", "b.example"], endpoint.AllowedHosts);
        Assert.Equal(800_000, services.GetRequiredService<IOptionsMonitor<BroadcasterOptions>>().Get("default").Bitrate);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void BroadcasterOfTheProgram_IsConfigured_WhicheverCallComesFirst(bool codeFirst)
    {
        var services = new ServiceCollection();
        var section = Read("""{"P2PCam": {"Broadcaster": {"yard": {"MaxViewers": 7}}}}""").GetSection("P2PCam");
        if (codeFirst)
        {
            services.AddP2PBroadcaster("yard", o => o.Bitrate = 900_000).UseTestPattern(64, 64);
            services.AddP2PCam(section);
        }
        else
        {
            services.AddP2PCam(section);
            services.AddP2PBroadcaster("yard", o => o.Bitrate = 900_000).UseTestPattern(64, 64);
        }

        using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptionsMonitor<BroadcasterOptions>>().Get("yard");
        Assert.Equal((7, 900_000), (options.MaxViewers, options.Bitrate));
        Assert.Throws<ArgumentException>(() => services.AddP2PBroadcaster("yard"));
    }

    [Fact]
    public void SourceInCodeAndInConfiguration_IsAnErrorThatNamesBoth()
    {
        var services = new ServiceCollection();
        services.AddP2PBroadcaster("yard").UseTestPattern();
        var error = Assert.Throws<InvalidOperationException>(() => services.AddP2PCam(Read("""{"P2PCam": {"Broadcaster": {"yard": {"Source": "camera"}}}}""")));
        Assert.Contains("UseTestPattern() and P2PCam:Broadcaster:yard:Source", error.Message);
    }

    [Fact]
    public async Task ConfiguredHost_Runs_AndMapP2PCamHasTheLastWord()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["P2PCam:Broadcaster:yard:Source"] = "test",
            ["P2PCam:Broadcaster:yard:Width"] = "64",
            ["P2PCam:Broadcaster:yard:Height"] = "48",
            ["P2PCam:Broadcaster:yard:MediaPort"] = "0",
            ["P2PCam:Broadcaster:yard:IncludeLoopback"] = "true",
            ["P2PCam:Endpoint:ViewerPin"] = "471108",
            ["P2PCam:Endpoint:AllowedHosts"] = "camera.example.org",
        });
        builder.Services.AddP2PCam(builder.Configuration.GetSection("P2PCam"));
        builder.Services.Configure<P2PCamEndpointOptions>(o => o.AllowedHosts.Add("second.example.org"));
        await using var app = builder.Build();
        app.MapP2PCam(configure: o => o.AllowedHosts.Add("third.example.org"));
        app.MapP2PCam("/open", o => o.ViewerPin = null);
        await app.StartAsync();

        Assert.Equal((64, 48), (app.Services.GetRequiredKeyedService<IBroadcaster>("yard").Source.Width, app.Services.GetRequiredKeyedService<IBroadcaster>("yard").Source.Height));
        var port = new Uri(app.Urls.First()).Port;
        using var client = new HttpClient();
        var statuses = await Task.WhenAll(new[] { "camera", "second", "third", "fourth" }.Select(name => StatusAsync(client, port, $"{name}.example.org")));
        Assert.Equal([200, 200, 200, 421], statuses);
        Assert.Equal("P2P3101", await RefusalAsync($"ws://127.0.0.1:{port}/signal", null));
        Assert.Null(await RefusalAsync($"ws://127.0.0.1:{port}/signal", "471108"));
        Assert.Null(await RefusalAsync($"ws://127.0.0.1:{port}/open/signal", null));
        Assert.Equal("471108", app.Services.GetRequiredService<IOptions<P2PCamEndpointOptions>>().Value.ViewerPin);
    }

    [Fact]
    public void OptionsOfTheEndpoints_OutOfRange_EndTheMapping_WhereverTheyWereSet()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton<InMemorySignaling>();
        builder.Services.Configure<P2PCamEndpointOptions>(o => o.MaxConnections = 0);
        var app = builder.Build();
        Assert.Contains("MaxConnections may be 1 to 100,000, and is 0.", Assert.ThrowsAny<ArgumentException>(() => app.MapP2PCam()).Message);
    }

    [Fact]
    public void LanHttpsTwice_IsAnError()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.UseP2PCamLanHttps(0);
        Assert.Contains("was called before", Assert.Throws<InvalidOperationException>(() => builder.UseP2PCamLanHttps(3001)).Message);
    }

    private static async Task<int> StatusAsync(HttpClient client, int port, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}/s/yard");
        request.Headers.Host = host;
        using var response = await client.SendAsync(request);
        return (int)response.StatusCode;
    }

    private static async Task<string?> RefusalAsync(string address, string? pin)
    {
        await using var transport = new WebSocketSignalingTransport(new Uri(address), options => options.Pin = pin);
        var error = await Record.ExceptionAsync(() => transport.ConnectAsync(new SignalingJoin("yard", SignalingRole.Viewer)));
        return error is null ? null : Assert.IsType<SignalingException>(error).Code;
    }

    private static ServiceCollection Bind(string json)
    {
        var services = new ServiceCollection();
        services.AddP2PCam(Read(json).GetSection("P2PCam"));
        return services;
    }

    private static IConfigurationRoot Read(string json) => new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();

    /// <summary>The block in docs/configuration.md, as it is printed there.</summary>
    private static string Printed()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "configuration.md"));
        var start = page.IndexOf("```json\n", StringComparison.Ordinal) + "```json\n".Length;
        return page[start..page.IndexOf("\n```", start, StringComparison.Ordinal)];
    }
}
