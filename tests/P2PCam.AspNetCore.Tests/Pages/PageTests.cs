using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using P2PCam.AspNetCore.Pages;

namespace P2PCam.AspNetCore.Tests.Pages;

public partial class PageTests
{
    [Theory]
    [InlineData("", "/", "default")]
    [InlineData("", "/s/garden-2", "garden-2")]
    [InlineData("/cam", "/cam", "default")]
    [InlineData("/cam", "/cam/", "default")]
    [InlineData("/cam", "/cam/s/garden", "garden")]
    [InlineData("", "/camera", "default")]
    [InlineData("", "/camera/garden-2", "garden-2")]
    [InlineData("/cam", "/cam/camera", "default")]
    [InlineData("/cam", "/cam/camera/garden", "garden")]
    public async Task Page_NamesItsStream_AndEveryFileItRefersToIsThere(string pattern, string path, string stream)
    {
        await using var host = await LoopbackHost.StartAsync(pattern: pattern);
        using var response = await host.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var html = await response.Content.ReadAsStringAsync();
        Assert.Contains($"data-stream=\"{stream}\"", html);
        Assert.DoesNotContain("{{", html);

        var references = Reference().Matches(html).Select(match => match.Groups[1].Value).ToList();
        Assert.True(references.Count >= 5);
        foreach (var reference in references)
        {
            using var file = await host.GetAsync(new Uri(new Uri(host.Address, path), reference).PathAndQuery);
            Assert.True(file.IsSuccessStatusCode, reference);
            Assert.Equal("nosniff", file.Headers.GetValues("X-Content-Type-Options").Single());
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/camera")]
    [InlineData("/camera/garden")]
    public async Task Page_IsFencedIn(string path)
    {
        await using var host = await LoopbackHost.StartAsync();
        using var response = await host.GetAsync(path);
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy);
        Assert.Contains("script-src 'self';", policy);
        Assert.Contains($"ws://127.0.0.1:{host.Address.Port}", policy);
        Assert.DoesNotContain("unsafe", policy);
        var html = await response.Content.ReadAsStringAsync();
        Assert.DoesNotMatch("<script(?![^>]*src=)", html);
        Assert.DoesNotMatch("\\son[a-z]+=|style=|https?://", html);
        Assert.False(response.Headers.Contains("Strict-Transport-Security"));
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task CameraPage_MayUseCameraAndScreen_AndLetsNobodyElse()
    {
        await using var host = await LoopbackHost.StartAsync();
        using var response = await host.GetAsync("/camera");
        Assert.Equal("camera=(self), display-capture=(self)", response.Headers.GetValues("Permissions-Policy").Single());
    }

    [Fact]
    public async Task Modules_ImportOnlyEachOther_AndNothingFromElsewhere()
    {
        await using var host = await LoopbackHost.StartAsync();
        var scripts = PageAsset.All.Select(asset => asset.Name).Where(name => name.EndsWith(".js", StringComparison.Ordinal)).ToList();
        Assert.Contains("camera.js", scripts);
        foreach (var name in scripts)
        {
            using var response = await host.GetAsync("/" + name);
            Assert.Equal("text/javascript", response.Content.Headers.ContentType!.MediaType);
            foreach (Match import in Import().Matches(await response.Content.ReadAsStringAsync()))
            {
                Assert.StartsWith("./", import.Groups[1].Value);
                using var imported = await host.GetAsync(import.Groups[1].Value[1..]);
                Assert.True(imported.IsSuccessStatusCode, import.Groups[1].Value);
            }
        }
    }

    [Fact]
    public async Task Asset_AskedForAgainWithItsTag_Is304()
    {
        await using var host = await LoopbackHost.StartAsync();
        using var first = await host.GetAsync("/p2pcam.js");
        using var second = await host.GetAsync("/p2pcam.js", ("If-None-Match", first.Headers.ETag!.Tag));
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("/s/%3Cscript%3E")]
    [InlineData("/s/a%20b")]
    [InlineData("/camera/a%20b")]
    [InlineData("/trust")]
    [InlineData("/trust/p2pcam-ca.crt")]
    public async Task WhatIsNotThere_Is404(string path)
    {
        await using var host = await LoopbackHost.StartAsync();
        using var response = await host.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Health_SaysOneWordAndNothingElse()
    {
        await using var host = await LoopbackHost.StartAsync();
        Assert.Equal("Healthy\n", await host.Client.GetStringAsync("/healthz"));
    }

    [Fact]
    public async Task ConventionsCoverEveryEndpoint()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton<InMemorySignaling>();
        await using var app = builder.Build();
        app.MapP2PCam().WithMetadata("mark");
        var endpoints = ((Microsoft.AspNetCore.Routing.IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).ToList();
        Assert.True(endpoints.Count >= 12);
        Assert.All(endpoints, endpoint => Assert.Equal("mark", endpoint.Metadata.GetMetadata<string>()));
        Assert.True(app.Services.GetRequiredService<InMemorySignaling>().IsServed);
    }

    [Fact]
    public void MapP2PCam_WithoutAnythingToServe_SaysWhatToAdd()
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        Assert.Contains("AddP2PBroadcaster", Assert.Throws<InvalidOperationException>(() => app.MapP2PCam()).Message);
    }

    [Theory]
    [InlineData(nameof(P2PCamEndpointOptions.MaxConnections))]
    [InlineData(nameof(P2PCamEndpointOptions.MaxMessagesPerSecond))]
    public void MapP2PCam_OptionOutOfRange_NamesItAndTheRange(string name)
    {
        var options = new P2PCamEndpointOptions();
        typeof(P2PCamEndpointOptions).GetProperty(name)!.SetValue(options, 0);
        Assert.Contains($"{name} may be 1 to ", Assert.Throws<ArgumentOutOfRangeException>(options.Validate).Message);
    }

    [GeneratedRegex("(?:src|href)=\"([^\"]+\\.(?:js|css|svg))\"")]
    private static partial Regex Reference();

    [GeneratedRegex("^import .* from '([^']+)';$", RegexOptions.Multiline)]
    private static partial Regex Import();
}
