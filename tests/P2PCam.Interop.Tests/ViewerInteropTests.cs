using P2PCam.Interop.Tests.Support;
using P2PCam.TestKit;
using Xunit.Abstractions;

namespace P2PCam.Interop.Tests;

/// <summary>The .NET viewer shows what other implementations send.</summary>
public class ViewerInteropTests(ITestOutputHelper output)
{
    [ToolTheory("chromium")]
    [InlineData("active")]
    [InlineData("passive")]
    public async Task Chromium_ItsCameraIsShown(string setup)
    {
        await using var sender = await ChromiumSender.LaunchAsync();
        await using var viewer = Viewer.Create(
            new PeerSignaling(async (offer, tell) => tell(new AnswerMessage(await sender.AnswerAsync(offer, 640, 480, setup)))), new ViewerOptions { IncludeLoopback = true });

        await viewer.ConnectAsync().WaitAsync(PictureJudge.Limit);

        await PictureJudge.AssertShowsMovingPictureAsync(viewer, 640, 480, output);
    }

    [ToolFact("chromium")]
    public async Task Chromium_AfterItClosedTheConnection_IsAskedAgainAndShown()
    {
        await using var sender = await ChromiumSender.LaunchAsync();
        await using var viewer = Viewer.Create(
            new PeerSignaling(async (offer, tell) => tell(new AnswerMessage(await sender.AnswerAsync(offer, 640, 480, "active")))), new ViewerOptions { IncludeLoopback = true });
        await viewer.ConnectAsync().WaitAsync(PictureJudge.Limit);
        var back = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        viewer.StateChanged += (_, e) =>
        {
            if (e is { Previous: ViewerState.Reconnecting, Current: ViewerState.Live })
            {
                back.TrySetResult();
            }
        };

        await sender.CloseConnectionAsync();

        await back.Task.WaitAsync(PictureJudge.Limit);
        await PictureJudge.AssertShowsMovingPictureAsync(viewer, 640, 480, output);
    }

    [PythonTheory("import aiortc")]
    [InlineData(640, 360)]
    public async Task Aiortc_ItsPictureIsShown(int width, int height)
    {
        await using var peer = new PythonPeer("aiortc_sender.py", $"{width}", $"{height}");
        await ShowAsync(peer, width, height);
    }

    [PythonTheory("import gi; gi.require_version('Gst', '1.0'); gi.require_version('GstWebRTC', '1.0'); from gi.repository import Gst, GstWebRTC; Gst.init(None); assert all(Gst.ElementFactory.find(n) for n in ('webrtcbin', 'vp8enc', 'rtpvp8pay', 'nicesrc'))")]
    [InlineData(640, 360)]
    public async Task GStreamer_ItsPictureIsShown(int width, int height)
    {
        await using var peer = new PythonPeer("gstreamer_sender.py", $"{width}", $"{height}");
        await ShowAsync(peer, width, height);
    }

    private async Task ShowAsync(PythonPeer peer, int width, int height)
    {
        await using var viewer = Viewer.Create(new PeerSignaling(peer.AnswerAsync));
        try
        {
            await viewer.ConnectAsync().WaitAsync(PictureJudge.Limit);
            await PictureJudge.AssertShowsMovingPictureAsync(viewer, width, height, output);
        }
        finally
        {
            output.WriteLine(peer.Output);
        }
    }
}
