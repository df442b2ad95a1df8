using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using P2PCam.TestKit;
using P2PCam.TestKit.Processes;

namespace P2PCam.Snippets.Tests;

/// <summary>What LanCamera prints at start is what runs: the first line is the step to take first, and every address that it names is answered.</summary>
public sealed partial class LanCameraBannerTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("p2pcam-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task FirstLine_IsTheAddressToOpen_AndEveryAddressIsAnswered()
    {
        await using var camera = await StartAsync("--source", "test");
        var lines = Lines(camera);
        Assert.Matches("^Watch    https://.*<- open this$", lines[0]);
        await AssertAnsweredAsync(lines);
    }

    [Fact]
    public async Task BrowserCamera_FirstLineIsThePageForTheCamera_AndPhonesGetHttpsEvenWithoutEncryption()
    {
        await using var camera = await StartAsync("--browser-camera", "--http");
        var lines = Lines(camera);
        Assert.Matches("^Camera   .* http://localhost:\\d+/camera   <- first$", lines[0]);
        Assert.Contains(lines, line => line.StartsWith("Watch    http://", StringComparison.Ordinal));
        Assert.All(lines.Where(line => line.Contains("#token=", StringComparison.Ordinal)), line => Assert.Contains(": https://", line, StringComparison.Ordinal));
        await AssertAnsweredAsync(lines);
    }

    [Fact]
    public async Task NamedStream_IsInEveryAddressToWatch()
    {
        await using var camera = await StartAsync("--source", "test", "--stream", "door");
        var lines = Lines(camera);
        Assert.All(lines.TakeWhile(line => !line.StartsWith("Camera", StringComparison.Ordinal)), line => Assert.Contains("/s/door", line, StringComparison.Ordinal));
        await AssertAnsweredAsync(lines);
    }

    [Theory]
    [InlineData("--allow-origin", "intranet.example.org", "is no origin: write scheme://host")]
    [InlineData("--allow-host", "https://camera.example.org", "is no host name: write camera.example.org")]
    [InlineData("--source", "http://:8080/video", "The address names no host.")]
    [InlineData("--source", "rtsp://admin:s3cret@host:port/live", "a port is a number up to 65535")]
    public async Task ValueThatTheLibraryRefuses_IsOneLine_WithoutAStackTrace(string option, string value, string words)
    {
        await using var camera = Start(option, value);
        Assert.Equal(2, await camera.WaitForExitAsync(Limit));
        var line = Assert.Single(camera.Output.All, line => line.StartsWith("LanCamera: ", StringComparison.Ordinal));
        Assert.Contains(words, line, StringComparison.Ordinal);
        foreach (var never in new[] { "   at ", "(Parameter", "s3cret" })
        {
            Assert.DoesNotContain(camera.Output.All, line => line.Contains(never, StringComparison.Ordinal));
        }
    }

    private static List<string> Lines(ChildProcess camera) => [.. camera.Output.All.SkipWhile(line => !line.StartsWith("Watch", StringComparison.Ordinal) && !line.StartsWith("Camera", StringComparison.Ordinal))];

    /// <summary>Asks this machine for each printed address, under the name and with the scheme that were printed.</summary>
    private static async Task AssertAnsweredAsync(IEnumerable<string> lines)
    {
        var addresses = lines.SelectMany(line => Address().Matches(line)).Select(match => new Uri(match.Value.Split('#')[0])).ToList();
        Assert.NotEmpty(addresses);
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var client = new HttpClient(handler) { Timeout = Limit };
        foreach (var address in addresses)
        {
            using var response = await client.GetAsync(address);
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{address}: {response.StatusCode}");
        }
    }

    private async Task<ChildProcess> StartAsync(params string[] arguments)
    {
        var camera = Start(arguments);
        await camera.WaitForLineAsync(line => line.Contains("Ctrl+C ends", StringComparison.Ordinal), Limit);
        return camera;
    }

    private ChildProcess Start(params string[] arguments)
    {
        var configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
        return ChildProcess.Start("dotnet", [Path.Combine(Repository.Root, "samples", "LanCamera", "bin", configuration, "net10.0", "LanCamera.dll"), "--port", "0", "--data-dir", _data.FullName, .. arguments]);
    }

    [GeneratedRegex(@"https?://\S+")]
    private static partial Regex Address();
}
