using P2PCam.Sources.FFmpeg;
using P2PCam.TestKit;
using P2PCam.Tests.Sources.FFmpegEncoded;

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
        DirectShowList.Parse(
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
        DirectShowList.Parse(
            """
            [dshow @ 0000020b] DirectShow video devices (some may be both video and audio devices)
            [dshow @ 0000020b]  "Integrated Camera"
            [dshow @ 0000020b]     Alternative name "@device_pnp_\\?\usb#vid_04f2"
            [dshow @ 0000020b] DirectShow audio devices
            [dshow @ 0000020b]  "Microphone Array"
            """));

    [Fact]
    public void ParseDirectShow_TwoOfOneModelAndOneOfUnknownKind_AllHaveIdsOfTheirOwn()
    {
        var cameras = DirectShowList.Parse(
            """
            [dshow @ 1] "USB Webcam" (video)
            [dshow @ 1]   Alternative name "@device_pnp_\\?\usb#aaaa#{65e8773d}\global"
            [dshow @ 1] "USB Webcam" (video)
            [dshow @ 1]   Alternative name "@device_pnp_\\?\usb#bbbb#{65e8773d}\global"
            [dshow @ 1] "Capture Card" (video, audio)
            [dshow @ 1]   Alternative name "@device_sw_{860BB310}\{1}"
            [dshow @ 1] "Phone As Webcam" (none)
            [dshow @ 1]   Alternative name "@device_sw_{860BB310}\Phone As Webcam"
            [dshow @ 1] "Sound Card" (audio)
            [dshow @ 1]   Alternative name "@device_cm_{33D9A762}\wave_{2}"
            [dshow @ 1] "Sound and Picture" (audio, video)
            [dshow @ 1] "Cam: "Pro" (2)" (video)
            [dshow @ 1]   Alternative name "@device_pnp_cccc"
            """);
        Assert.Equal(
            [
                new(@"@device_pnp_\\?\usb#aaaa#{65e8773d}\global", "USB Webcam"),
                new(@"@device_pnp_\\?\usb#bbbb#{65e8773d}\global", "USB Webcam"),
                new("Capture Card", "Capture Card"),
                new("Phone As Webcam", "Phone As Webcam"),
                new("Sound and Picture", "Sound and Picture"),
                new("@device_pnp_cccc", "Cam: \"Pro\" (2)"),
            ],
            cameras);
    }

    [Fact]
    public void ParseDirectShow_OfFFmpegBefore44_TellsTwoOfOneModelApart_AndLeavesSoundOut() => Assert.Equal(
        [new("@device_pnp_1", "USB Webcam"), new("@device_pnp_2", "USB Webcam")],
        DirectShowList.Parse(
            """
            [dshow @ 0000020b] DirectShow video devices (some may be both video and audio devices)
            [dshow @ 0000020b]  "USB Webcam"
            [dshow @ 0000020b]     Alternative name "@device_pnp_1"
            [dshow @ 0000020b]  "USB Webcam"
            [dshow @ 0000020b]     Alternative name "@device_pnp_2"
            [dshow @ 0000020b] DirectShow audio devices
            [dshow @ 0000020b]  "Microphone (USB Webcam)"
            [dshow @ 0000020b]     Alternative name "@device_cm_3"
            """));

    [CasesFact]
    public void ParseDirectShow_OfTheCaseFromTheField_FindsFiveCamerasWithFiveIds()
    {
        var cameras = DirectShowList.Parse(File.ReadAllText(Repository.Case("files/dshow-none-and-both.txt")));
        Assert.Equal(["Integrated Camera", "USB Webcam", "USB Webcam", "Capture Card 4K", "Phone As Webcam"], cameras.Select(camera => camera.Name));
        Assert.Equal(5, cameras.DistinctBy(camera => camera.Id).Count());
    }

    [ToolFact("sh")]
    public async Task FFmpeg_ThatDoesNotRun_IsMissing_ThoughItStarts()
    {
        using var clips = new Clips();
        var script = clips.MakeScript("ffmpeg", "echo 'error while loading shared libraries: libavdevice.so.59' >&2\nexit 127");
        var error = await Assert.ThrowsAsync<VideoSourceException>(() => FFmpegStartCheck.CheckAsync(script, null, TimeProvider.System, CancellationToken.None));
        Assert.Equal("P2P1001", error.Code);
        Assert.Contains("libavdevice", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<VideoSourceException>(() => FFmpegStartCheck.CheckAsync("/nowhere/ffmpeg", null, TimeProvider.System, CancellationToken.None));
    }

    [ToolFact("ffmpeg")]
    public Task FFmpeg_ThatRuns_IsNotMissing() => FFmpegStartCheck.CheckAsync("ffmpeg", null, TimeProvider.System, CancellationToken.None);

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
        Assert.Empty(DirectShowList.Parse(text));
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
