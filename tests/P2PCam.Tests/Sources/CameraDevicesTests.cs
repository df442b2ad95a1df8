using P2PCam.Sources.FFmpeg;

namespace P2PCam.Tests.Sources;

public sealed class CameraDevicesTests : IDisposable
{
    private readonly DirectoryInfo _sysfs = Directory.CreateTempSubdirectory("p2pcam-sysfs");

    [Fact]
    public void ListVideo4Linux_KeepsOneNodePerCameraInNumericOrder()
    {
        AddNode("video10", "0", "USB Capture");
        AddNode("video2", "0", "HD Pro Webcam C920");
        AddNode("video3", "1", "HD Pro Webcam C920");
        AddNode("video11", "0", "bcm2835-codec-decode");
        AddNode("video13", "0", "bcm2835-isp-output0");
        AddNode("v4l-subdev0", "0", "ov5647 10-0036");
        AddNode("video4", index: null, name: null);

        Assert.Equal(
            [new("/dev/video2", "HD Pro Webcam C920"), new("/dev/video4", "video4"), new("/dev/video10", "USB Capture")],
            CameraDevices.ListVideo4Linux(_sysfs.FullName));
    }

    [Fact]
    public void ListVideo4Linux_WithoutTheFolder_IsEmpty() =>
        Assert.Empty(CameraDevices.ListVideo4Linux(Path.Combine(_sysfs.FullName, "nothing")));

    [Fact]
    public void ParseDirectShow_TakesVideoDevicesOnly() => Assert.Equal(
        [new("Logitech HD Webcam C270", "Logitech HD Webcam C270"), new("OBS Virtual Camera", "OBS Virtual Camera")],
        CameraDevices.ParseDirectShow(
            """
            [dshow @ 000001e7a5b0e740] "Logitech HD Webcam C270" (video)
            [dshow @ 000001e7a5b0e740]   Alternative name "@device_pnp_\\?\usb#vid_046d&pid_0825"
            [dshow @ 000001e7a5b0e740] "OBS Virtual Camera" (video)
            [dshow @ 000001e7a5b0e740]   Alternative name "@device_sw_{860BB310}"
            [dshow @ 000001e7a5b0e740] "Microphone (HD Webcam C270)" (audio)
            dummy: Immediate exit requested
            """));

    [Fact]
    public void ParseDirectShow_OfFFmpegBefore44_TakesWhatStandsBelowVideo() => Assert.Equal(
        [new("Integrated Camera", "Integrated Camera")],
        CameraDevices.ParseDirectShow(
            """
            [dshow @ 0000020b] DirectShow video devices (some may be both video and audio devices)
            [dshow @ 0000020b]  "Integrated Camera"
            [dshow @ 0000020b]     Alternative name "@device_pnp_\\?\usb#vid_04f2"
            [dshow @ 0000020b] DirectShow audio devices
            [dshow @ 0000020b]  "Microphone Array"
            """));

    [Fact]
    public void ParseAVFoundation_TakesCamerasOnly() => Assert.Equal(
        [new("0", "FaceTime HD Camera"), new("1", "Phone Camera")],
        CameraDevices.ParseAVFoundation(
            """
            [AVFoundation indev @ 0x7f8b] AVFoundation video devices:
            [AVFoundation indev @ 0x7f8b] [0] FaceTime HD Camera
            [AVFoundation indev @ 0x7f8b] [1] Phone Camera
            [AVFoundation indev @ 0x7f8b] [2] Capture screen 0
            [AVFoundation indev @ 0x7f8b] AVFoundation audio devices:
            [AVFoundation indev @ 0x7f8b] [0] MacBook Pro Microphone
            : Input/output error
            """));

    [Theory]
    [InlineData("")]
    [InlineData("ffmpeg: error while loading shared libraries")]
    public void Parsers_OfOtherText_FindNothing(string text)
    {
        Assert.Empty(CameraDevices.ParseDirectShow(text));
        Assert.Empty(CameraDevices.ParseAVFoundation(text));
    }

    public void Dispose() => _sysfs.Delete(recursive: true);

    private void AddNode(string node, string? index, string? name)
    {
        var folder = _sysfs.CreateSubdirectory(node).FullName;
        if (index is not null)
        {
            File.WriteAllText(Path.Combine(folder, "index"), index + "\n");
        }

        if (name is not null)
        {
            File.WriteAllText(Path.Combine(folder, "name"), name + "\n");
        }
    }
}
