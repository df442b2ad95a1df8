using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace P2PCam.AspNetCore.Tests.Security;

/// <summary>Whatever is mapped is asked, so that an endpoint without the gate cannot slip in.</summary>
public class EveryEndpointTests
{
    [Theory]
    [InlineData("")]
    [InlineData("/cam")]
    public async Task ForeignHost_Is421_AndNone400_AtEveryEndpointAndMethod(string pattern)
    {
        await using var host = await LoopbackHost.StartAsync(pattern: pattern);
        var paths = Paths(host);
        Assert.InRange(paths.Count, 12, 100);
        foreach (var path in paths)
        {
            foreach (var name in new[] { "evil.example", "evil.example:80", "127.0.0.1.evil.example", "203.0.113.9", "[2001:db8::1]" })
            {
                using var response = await host.GetAsync(path, ("Host", name));
                Assert.True(response.StatusCode == HttpStatusCode.MisdirectedRequest, $"{path} at {name}: {response.StatusCode}");
                Assert.StartsWith("P2P3001", await response.Content.ReadAsStringAsync());
            }

            Assert.True(await RawStatusAsync(host, $"GET {path} HTTP/1.0\r\n\r\n") == 400, path);
            Assert.True(await RawStatusAsync(host, $"GET {path} HTTP/1.1\r\n\r\n") == 400, path);
            Assert.True(await RawStatusAsync(host, $"POST {path} HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\n\r\n") is 405 or 421, path);
        }
    }

    [Fact]
    public async Task NoEndpoint_LetsForeignPagesRead()
    {
        await using var host = await LoopbackHost.StartAsync();
        foreach (var path in Paths(host))
        {
            using var response = await host.GetAsync(path, ("Origin", "https://evil.example"));
            Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        }
    }

    private static List<string> Paths(LoopbackHost host) =>
    [
        .. host.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/').Replace("{stream}", "default", StringComparison.Ordinal)).Distinct(),
    ];

    private static async Task<int> RawStatusAsync(LoopbackHost host, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, host.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(client.GetStream());
        return int.Parse((await reader.ReadLineAsync())!.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
