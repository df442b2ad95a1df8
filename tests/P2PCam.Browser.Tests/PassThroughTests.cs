using System.Diagnostics;
using P2PCam.Browser.Tests.Browsers;
using P2PCam.Browser.Tests.Hosts;
using P2PCam.TestKit.Networks;
using P2PCam.TestKit.Rtsp;
using Xunit.Abstractions;

namespace P2PCam.Browser.Tests;

/// <summary>H.264 that somebody else has encoded reaches a browser as it is, and so does H.264 by FFmpeg.</summary>
[Collection("browsers")]
public sealed class PassThroughTests(ITestOutputHelper output) : IDisposable
{
    private static readonly Uri Address = new($"https://{TwoHostNetwork.HostAddress}:3000/");
    private static readonly int Frames = Measure.Enabled ? 1800 : 150;
    private readonly Figures _figures = new(output);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("p2pcam-pass-");

    public void Dispose() => _folder.Delete(recursive: true);

    [NetworkTheory("chromium,ffmpeg")]
    [InlineData("baseline")]
    [InlineData("main")]
    [InlineData("high")]
    public async Task File_OfH264_MovesInChromium(string profile)
    {
        var file = await MakeAsync(profile);
        await using var network = TwoHostNetwork.Create();
        await using var host = await StartAsync(network, "--source", $"file:{file}", "--pass-through");
        await WatchAsync(network, $"H.264 file, {profile} profile");
    }

    [RtspFact("chromium", withNetwork: true)]
    public async Task RtspCamera_OfH264_MovesInChromium_GivesWayToASlateWhenItsServerIsKilled_AndComesBack()
    {
        var file = await MakeAsync("high");
        await using var network = TwoHostNetwork.Create();
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        await using var page = await browser.NewPageAsync();
        var camera = await RtspServer.StartAsync(file: file, space: network.Host);
        await using var host = await StartAsync(network, "--source", camera.Address.ToString(), "--pass-through");
        await page.OpenAsync(Address);
        await page.WaitForStateAsync("live");
        await page.WaitForMovementAsync(Frames);
        _figures.Add("H.264 RTSP camera, high profile", Figures.Describe(await page.GetStatsAsync()));

        await camera.DisposeAsync();
        var clock = Stopwatch.StartNew();
        await page.WaitAsync(async () => await page.SampleAsync() is { FrameNumber: null }, "the slate", () => Task.FromResult("the camera's last picture"));
        var slate = clock.Elapsed;
        await using var again = await RtspServer.StartAsync(camera.Port, file: file, space: network.Host);
        clock.Restart();
        await page.WaitForMovementAsync();
        _figures.Add("RTSP server killed", FormattableString.Invariant($"slate after {slate.TotalSeconds:F1} s; moving {clock.Elapsed.TotalSeconds:F1} s after the server was back"));
    }

    [NetworkFact("chromium,ffmpeg")]
    public async Task Pictures_EncodedByFFmpeg_MoveInChromium()
    {
        await using var network = TwoHostNetwork.Create();
        await using var host = await StartAsync(network, "--source", "test", "--size", "640x360", "--encoder", "h264");
        await WatchAsync(network, "Test pattern, H.264 by FFmpeg");
    }

    private async Task WatchAsync(TwoHostNetwork network, string what)
    {
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        await using var page = await browser.NewPageAsync();
        await page.OpenAsync(Address);
        await page.WaitForStateAsync("live");
        await page.WaitForMovementAsync(Frames);
        var stats = await page.GetStatsAsync();
        _figures.Add(what, Figures.Describe(stats));
        Assert.Equal((640, 360), (stats.GetProperty("width").GetInt32(), stats.GetProperty("height").GetInt32()));
    }

    private async Task<string> MakeAsync(string profile)
    {
        var file = Path.Combine(_folder.FullName, $"{profile}.mp4");
        await TestPatternFile.MakeAsync(file, profile, (Frames / 30) + 20);
        return file;
    }

    private Task<LanCameraProcess> StartAsync(TwoHostNetwork network, params string[] arguments) =>
        LanCameraProcess.StartAsync(network.Host, Path.Combine(_folder.FullName, "data"), ["--no-qr", .. arguments]);
}
