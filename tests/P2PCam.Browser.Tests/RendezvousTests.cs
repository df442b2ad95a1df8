using P2PCam.Browser.Tests.Browsers;
using P2PCam.Browser.Tests.Hosts;
using P2PCam.TestKit.Networks;
using Xunit.Abstractions;

namespace P2PCam.Browser.Tests;

/// <summary>A camera that dials out, a server that introduces, a .NET viewer and a browser: each on a computer of its own.</summary>
[Collection("browsers")]
public sealed class RendezvousTests : IAsyncLifetime
{
    private const string Stream = "workshop";
    private static readonly string[] SmallTestPattern = ["--source", "test", "--size", "640x360", "--bitrate", "800k", "--no-qr", "--stream", Stream];
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("p2pcam-data-");
    private readonly SwitchedNetwork? _network = NetworkProbe.Reason is null ? SwitchedNetwork.Create("server", "camera", "viewer", "browser") : null;
    private readonly Figures _figures;

    public RendezvousTests(ITestOutputHelper output) => _figures = new Figures(output);

    private SwitchedNetwork Network => _network!;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await (_network?.DisposeAsync() ?? ValueTask.CompletedTask);
        _data.Delete(recursive: true);
    }

    [NetworkTheory("chromium")]
    [InlineData("websocket")]
    [InlineData("signalr")]
    public async Task ServerKilledAndRestarted_TheMediaNeverStop_AndNewViewersCanJoinAfterwards(string transport)
    {
        await using var server = new RendezvousHost(Network["server"], Network.AddressOf("server"), _data.FullName);
        await server.StartAsync();
        await using var camera = await SampleProcess.StartAsync(Network["camera"], "Watch", "ConsoleBroadcaster", [.. server.ArgumentsFor(transport), .. SmallTestPattern]);
        await using var viewer = ConsoleViewerProcess.Start(Network["viewer"], _data.FullName, server.ArgumentsFor(transport), Stream);
        await using var browser = await ChromiumBrowser.LaunchAsync(Network["browser"]);
        await using var page = await browser.NewPageAsync();
        await page.OpenAsync(server.PageOf(Stream));
        await page.WaitForStateAsync("live");

        // Both at once see the right picture, and it moves.
        await Task.WhenAll(page.WaitForMovementAsync(frames: Measure.Enabled ? 1800 : 90), viewer.WaitForFramesAsync(more: Measure.Enabled ? 1800 : 90));
        AssertTestPattern(Assert.IsType<PictureSample>(await page.SampleAsync()));
        await page.EvaluateAsync("window.first = window.p2pcam.peerConnection, window.states = [], setInterval(() => window.states.push(document.documentElement.dataset.state), 100)");

        await server.KillAsync();
        await Task.WhenAll(page.WaitForMovementAsync(frames: Measure.Enabled ? 300 : 90), viewer.WaitForFramesAsync(more: Measure.Enabled ? 300 : 90));
        await server.StartAsync();

        // Signaling is back for those who come now ...
        await using var late = ConsoleViewerProcess.Start(Network["viewer"], _data.FullName, server.ArgumentsFor(transport), Stream, untilFirstPicture: true);
        var (lateCode, lateNumber) = await late.WaitForExitAsync();
        Assert.Equal(0, lateCode);
        Assert.NotNull(lateNumber);
        await using var latePage = await browser.NewPageAsync();
        await latePage.OpenAsync(server.PageOf(Stream));
        await latePage.WaitForMovementAsync();

        // ... and those who were watching never noticed: the same connection, without a break.
        await Task.WhenAll(page.WaitForMovementAsync(), viewer.WaitForFramesAsync(more: 30));
        Assert.True((await page.EvaluateAsync("window.first === window.p2pcam.peerConnection")).GetBoolean(), "The page connected anew.");
        Assert.Equal("live", string.Join(' ', (await page.EvaluateAsync("[...new Set(window.states)]")).EnumerateArray().Select(state => state.GetString())));
        Assert.False(viewer.HasReconnected, "The .NET viewer connected anew.");
        Assert.False(camera.HasExited);
        _figures.Add($"Rendezvous by {transport}, browser", Figures.Describe(await page.GetStatsAsync()));
        _figures.Add($"Rendezvous by {transport}, .NET viewer", viewer.LastLine);

        var (code, number) = await viewer.InterruptAsync();
        Assert.Equal(0, code);
        Assert.True(number > lateNumber, $"The last picture of the .NET viewer is number {number}, and one of before was {lateNumber}.");
        Assert.Equal(0, await camera.InterruptAsync());
        await page.WaitForStateAsync("offline");
    }

    [NetworkFact]
    public async Task NoServer_IsOneLineAndAnExitCode()
    {
        string[] server = ["--server", $"ws://{Network.AddressOf("server")}:{RendezvousHost.Port}/signal"];
        foreach (var (sample, arguments) in new[] { ("ConsoleBroadcaster", (string[])[.. server, .. SmallTestPattern]), ("ConsoleViewer", server) })
        {
            await using var process = SampleProcess.Start(Network["camera"], sample, arguments);
            Assert.Equal(3, await process.WaitForExitAsync());
            await process.WaitForLineAsync(line => line.StartsWith($"{sample}: P2P2002", StringComparison.Ordinal));
        }
    }

    [NetworkFact]
    public async Task NoCamera_TheViewerWaits_AndSaysByItsExitCodeThatItSawNothing()
    {
        await using var server = new RendezvousHost(Network["server"], Network.AddressOf("server"), _data.FullName);
        await server.StartAsync();
        await using var viewer = SampleProcess.Start(Network["viewer"], "ConsoleViewer", [.. server.ArgumentsFor("websocket"), "--stream", "nobody"]);
        await viewer.WaitForLineAsync(line => line.Contains("waiting for the camera", StringComparison.Ordinal));

        Assert.Equal(1, await viewer.InterruptAsync());
    }

    private static void AssertTestPattern(PictureSample sample)
    {
        Assert.Equal((640, 360), (sample.Width, sample.Height));
        Assert.NotNull(sample.FrameNumber);
    }
}
