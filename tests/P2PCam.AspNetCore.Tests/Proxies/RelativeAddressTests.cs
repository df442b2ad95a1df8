using System.Net;
using System.Text.RegularExpressions;
using P2PCam.AspNetCore.Tests.Whip;

namespace P2PCam.AspNetCore.Tests.Proxies;

/// <summary>What a browser asks for whose proxy cuts a folder off the path and says nothing of it.</summary>
public partial class RelativeAddressTests
{
    private static readonly Uri Outside = new("https://example.org/house/cam/");

    [Theory]
    [InlineData("", "")]
    [InlineData("", "s/garden")]
    [InlineData("", "s/garden/")]
    [InlineData("", "camera")]
    [InlineData("", "camera/")]
    [InlineData("", "camera/garden")]
    [InlineData("", "camera/garden/")]
    [InlineData("/inner", "inner/")]
    [InlineData("/inner", "inner")]
    [InlineData("/inner", "inner/s/garden")]
    [InlineData("/inner", "inner/camera/")]
    public async Task Page_BehindAProxyThatCutsOffAFolder_FindsItsStylesAndScripts(string pattern, string path)
    {
        await using var host = await LoopbackHost.StartAsync(pattern: pattern);
        var html = await host.Client.GetStringAsync("/" + path);
        var page = new Uri(Outside, path);
        var references = Reference().Matches(html).Select(match => new Uri(page, match.Groups[1].Value)).ToList();
        Assert.True(references.Count >= 5);
        foreach (var reference in references)
        {
            Assert.True(Outside.IsBaseOf(reference), $"{reference} leaves the proxy's folder");
            using var file = await host.GetAsync("/" + Outside.MakeRelativeUri(reference));
            Assert.True(file.StatusCode == HttpStatusCode.OK, $"{reference}: {file.StatusCode}");
        }

        if (path.StartsWith("camera", StringComparison.Ordinal))
        {
            var root = new Uri(page, DataBase().Match(html).Groups[1].Value + "/");
            Assert.Equal(Outside, root);
        }
    }

    [Theory]
    [InlineData("", "whep")]
    [InlineData("", "whep/")]
    [InlineData("", "whep/default")]
    [InlineData("", "whep/default/")]
    [InlineData("/inner", "inner/whep")]
    [InlineData("/inner", "inner/whep/default")]
    public async Task Location_BehindAProxyThatCutsOffAFolder_LeadsToTheSession(string pattern, string path)
    {
        await using var bed = await WhepBed.StartAsync(pattern: pattern);
        using var response = await bed.Client.PostAsync("/" + path, bed.NewOffer());
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var session = new Uri(new Uri(Outside, path), response.Headers.Location!);
        Assert.True(Outside.IsBaseOf(session), $"{session} leaves the proxy's folder");
        using var delete = await bed.Client.SendAsync(HttpMethod.Delete, "/" + Outside.MakeRelativeUri(session));
        Assert.Equal(HttpStatusCode.OK, delete.StatusCode);
    }

    [Fact]
    public async Task Modules_NameNoAddressFromTheRoot()
    {
        await using var host = await LoopbackHost.StartAsync();
        foreach (var name in AspNetCore.Pages.PageAsset.All.Select(asset => asset.Name).Where(name => name.EndsWith(".js", StringComparison.Ordinal)))
        {
            var script = await host.Client.GetStringAsync("/" + name);
            Assert.DoesNotMatch("""['"`]/[A-Za-z]""", script);
            Assert.DoesNotMatch("""location\.origin""", script);
        }
    }

    [GeneratedRegex("(?:src|href)=\"([^\"]+\\.(?:js|css|svg))\"")]
    private static partial Regex Reference();

    [GeneratedRegex("data-base=\"([^\"]*)\"")]
    private static partial Regex DataBase();
}
