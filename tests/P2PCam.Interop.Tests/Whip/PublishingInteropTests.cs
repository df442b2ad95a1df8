using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using P2PCam.Interop.Tests.Support;
using P2PCam.TestKit.Processes;
using Xunit.Abstractions;

namespace P2PCam.Interop.Tests.Whip;

/// <summary>Peers that nobody here wrote publish by plain HTTP requests (WHIP), and a viewer sees their picture, which nobody here encoded.</summary>
public class PublishingInteropTests(ITestOutputHelper output)
{
    private const int Width = 640;
    private const int Height = 360;

    [PythonTheory("import aiortc")]
    [InlineData(Width, Height)]
    public Task Aiortc_Publishes(int width, int height) => PublishAsync(HttpPeer.Aiortc, $"{width}", $"{height}");

    // What FFmpeg's muxer does, by its source: Debian's FFmpeg has none. OtherIcePeersTests has the same for minutes, in virtual time.
    [PythonTheory("import aiortc")]
    [InlineData(Width, Height)]
    public Task Aiortc_WithTheIceOfFFmpegsMuxer_Publishes(int width, int height) => PublishAsync(HttpPeer.Aiortc, $"{width}", $"{height}", "as-ffmpeg");

    [PythonTheory(HttpPeer.GStreamerImport)]
    [InlineData(Width, Height)]
    public Task GStreamer_Publishes(int width, int height) => PublishAsync(HttpPeer.GStreamer, $"{width}", $"{height}");

    // It finds no path when the answer puts another media first than its offer.
    [PythonTheory(HttpPeer.GStreamerAudioImport)]
    [InlineData(Width, Height)]
    public Task GStreamer_WithAudioInFront_Publishes(int width, int height) => PublishAsync(HttpPeer.GStreamer, $"{width}", $"{height}", "audio");

    [WeriftFact]
    public async Task Werift_Publishes()
    {
        var port = FreePort();
        await using var picture = ChildProcess.Start("ffmpeg", ["-loglevel", "error", "-re", "-f", "lavfi", "-i", $"testsrc2=s={Width}x{Height}:r=30", "-c:v", "libvpx", "-deadline", "realtime", "-g", "15", "-b:v", "800k", "-f", "rtp", $"rtp://127.0.0.1:{port}"]);
        await PublishAsync(HttpPeer.Werift, $"{port}");
    }

    private async Task PublishAsync(string script, params string[] arguments)
    {
        await using var host = await WhipHost.StartAsync(camera => camera.UseBrowserCamera(options => options.IncludeLoopback = true));
        await using var peer = HttpPeer.Start(script, ["publish", new Uri(host.Address, "whip").AbsoluteUri, .. arguments]);
        try
        {
            var posted = await peer.WaitForLineAsync(line => line.StartsWith("posted", StringComparison.Ordinal));
            Assert.Matches("^posted 201 application/sdp \"[0-9a-f]{32}\"$", posted);
            await using var viewer = Viewer.Create(host.Signaling.CreateTransport(), new ViewerOptions { IncludeLoopback = true });
            await viewer.ConnectAsync().WaitAsync(PictureJudge.Limit);
            await PictureJudge.AssertShowsMovingPictureAsync(viewer, Width, Height, output);
            Assert.Equal(0, host.Broadcaster.Statistics.FramesEncoded);
            Assert.Equal("deleted 200", await peer.LeaveAsync());
        }
        finally
        {
            output.WriteLine(peer.Output);
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
