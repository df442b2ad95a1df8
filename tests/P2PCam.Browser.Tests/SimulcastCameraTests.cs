using P2PCam.Browser.Tests.Browsers;
using P2PCam.TestKit.Networks;
using Xunit.Abstractions;

namespace P2PCam.Browser.Tests;

/// <summary>A browser that publishes layers: of 640x360, as of 640x480, Chromium offers three and sends two (seen in the field: dark for ever).</summary>
[Collection("browsers")]
public sealed class SimulcastCameraTests(ITestOutputHelper output) : BrowserCameraBed(output)
{
    [NetworkTheory("chromium")]
    [InlineData("q,h,f", "4,2,1")]
    [InlineData("top,mid1,low", "1,2,4")]
    public async Task LayersThatAreNeverSent_OrPause_LeaveTheOthersOnTheScreen(string names, string scales)
    {
        var link = await StartHostAsync();
        await using var phone = await ChromiumBrowser.LaunchAsync(Network["phone"], more: Camera);
        await using var camera = await phone.NewPageAsync();
        await camera.AddScriptAsync(Publishing(names.Split(','), scales.Split(',')));
        await StartCameraAsync(camera, link);
        await using var browser = await ChromiumBrowser.LaunchAsync(Network["viewer"]);
        await using var viewer = await WatchAsync(browser);

        // The largest layer that comes pauses: the next one takes over. It comes back: so does the picture from it.
        Assert.True((await camera.EvaluateAsync(Activate(scales.Split(','), isActive: false))).GetBoolean());
        await viewer.WaitForDecodedAsync(frames: 40);
        await viewer.WaitForMovingPictureAsync("video", picture => picture.IsOrange);
        Assert.True((await camera.EvaluateAsync(Activate(scales.Split(','), isActive: true))).GetBoolean());
        await viewer.WaitForDecodedAsync(frames: 40);
        await viewer.WaitForMovingPictureAsync("video", picture => picture.IsOrange);
    }

    private static string Publishing(string[] names, string[] scales) => $$"""
        (() => {
          const add = RTCPeerConnection.prototype.addTransceiver;
          RTCPeerConnection.prototype.addTransceiver = function (track, init) {
            const sendEncodings = [{{string.Join(',', names.Zip(scales, (name, scale) => $"{{ rid: '{name}', scaleResolutionDownBy: {scale} }}"))}}];
            const transceiver = add.call(this, track, { ...init, sendEncodings });
            const codecs = RTCRtpSender.getCapabilities('video').codecs;
            transceiver.setCodecPreferences(codecs.filter(codec => /VP8|rtx/.test(codec.mimeType)));
            return transceiver;
          };
        })();
        """;

    private static string Activate(string[] scales, bool isActive) => $$"""
        (async () => {
          const sender = window.p2pcam.peerConnection.getSenders()[0], parameters = sender.getParameters();
          parameters.encodings[{{Array.IndexOf(scales, "1")}}].active = {{(isActive ? "true" : "false")}};
          await sender.setParameters(parameters);
          return parameters.encodings.length === {{scales.Length}};
        })()
        """;
}
