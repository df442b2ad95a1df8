using Microsoft.Extensions.DependencyInjection;
using P2PCam.Interop.Tests.Support;
using Xunit.Abstractions;

namespace P2PCam.Interop.Tests.Whip;

/// <summary>Peers that nobody here wrote watch by plain HTTP requests (WHEP).</summary>
public class WatchingInteropTests(ITestOutputHelper output)
{
    [PythonTheory("import aiortc")]
    [InlineData(640, 360)]
    public Task Aiortc_Watches(int width, int height) => WatchAsync(HttpPeer.Aiortc, width, height, 60);

    [PythonTheory(HttpPeer.GStreamerImport)]
    [InlineData(640, 360)]
    public Task GStreamer_Watches(int width, int height) => WatchAsync(HttpPeer.GStreamer, width, height, 60);

    [PythonTheory(HttpPeer.GStreamerAudioImport)]
    [InlineData(640, 360)]
    public Task GStreamer_WithAudioInFront_Watches(int width, int height) => WatchAsync(HttpPeer.GStreamer, width, height, 60, "audio");

    // It decodes nothing: what it counts are key frames, which it asks for.
    [WeriftFact]
    public Task Werift_Watches() => WatchAsync(HttpPeer.Werift, 640, 360, 3);

    private async Task WatchAsync(string script, int width, int height, int frames, params string[] arguments)
    {
        await using var host = await WhipHost.StartAsync(camera => camera.UseTestPattern(width, height));
        await using var peer = HttpPeer.Start(script, ["watch", new Uri(host.Address, "whep").AbsoluteUri, .. arguments]);
        try
        {
            var posted = await peer.WaitForLineAsync(line => line.StartsWith("posted", StringComparison.Ordinal));
            Assert.Matches("^posted 201 application/sdp \"[0-9a-f]{32}\"$", posted);
            Assert.Equal($"frame {frames} {width} {height}", await peer.WaitForFramesAsync(frames));
            Assert.Equal("whep", Assert.Single(host.Broadcaster.Viewers).Transport);
            Assert.Equal("deleted 200", await peer.LeaveAsync());
        }
        finally
        {
            output.WriteLine(peer.Output);
        }
    }
}
