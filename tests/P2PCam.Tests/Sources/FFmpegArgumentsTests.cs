using P2PCam.Sources.FFmpeg;

namespace P2PCam.Tests.Sources;

public class FFmpegArgumentsTests
{
    private static readonly FFmpegSourceOptions Options = new() { Width = 640, Height = 480, FrameRate = 29.97 };

    [Fact]
    public void Build_ForAFile_IsTheWholeCommandLine() => Assert.Equal(
        "-hide_banner -nostats -loglevel level+info -nostdin -stream_loop -1 -i file:-odd name?.mp4 -an -sn -dn -vf "
        + "yadif=deint=interlaced,fps=29.97,"
        + "scale=w='if(gte(dar,640/480),640,max(2,2*round(480*dar/2)))':h='if(gt(dar,640/480),max(2,2*round(640/dar/2)),480)'"
        + ":out_range=tv:out_color_matrix=bt601,setsar=1,format=yuv420p,pad=640:480:(ow-iw)/2:(oh-ih)/2,format=yuv420p,realtime "
        + "-f rawvideo -pix_fmt yuv420p pipe:1",
        string.Join(' ', FFmpegArguments.Build(FFmpegInput.File("-odd name?.mp4", loop: true), default, Options)));

    [Fact]
    public void File_PlayedOnce_DoesNotLoop() =>
        Assert.Equal(["-i", "file:/films/a.mp4"], Assert.Single(FFmpegInput.File("/films/a.mp4", loop: false).Attempts));

    [Fact]
    public void Build_ForACamera_LeavesThePaceToIt() => Assert.DoesNotContain(
        FFmpegArguments.Build(FFmpegInput.Camera("/dev/video0", "Webcam", Options, FFmpegPlatform.Linux), default, Options),
        argument => argument.Contains("realtime", StringComparison.Ordinal) || argument.Contains("fps", StringComparison.Ordinal) || argument.Contains("yadif", StringComparison.Ordinal));

    [Fact]
    public void Rtsp_GoesByTcpAndKeepsThePasswordOutOfItsNames()
    {
        var input = FFmpegInput.Rtsp(FFmpegInput.ParseRtsp(new Uri("rtsp://user:p%40ss@10.0.0.9:8554/live?x=1")));
        Assert.Equal(
            "-rtsp_transport tcp -allowed_media_types video -fpsprobesize 0 -probesize 32 -flags low_delay -i rtsp://user:p%40ss@10.0.0.9:8554/live?x=1",
            string.Join(' ', input.Attempts[0]));
        Assert.DoesNotContain("-probesize", input.Attempts[1]);
        Assert.DoesNotContain("ss", input.Id + input.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void Camera_OnLinux_AsksForMjpegThenRawThenAnything() => Assert.Equal(
        [
            "-f v4l2 -input_format mjpeg -video_size 640x480 -framerate 29.97 -i /dev/video0",
            "-f v4l2 -video_size 640x480 -framerate 29.97 -i /dev/video0",
            "-f v4l2 -i /dev/video0",
        ],
        Camera("/dev/video0", FFmpegPlatform.Linux));

    [Fact]
    public void Camera_OnWindows_AsksByNameForTheSizeThenAnything() => Assert.Equal(
        [
            "-f dshow -rtbufsize 64M -video_size 640x480 -framerate 29.97 -i video=HD Webcam",
            "-f dshow -rtbufsize 64M -video_size 640x480 -i video=HD Webcam",
            "-f dshow -rtbufsize 64M -i video=HD Webcam",
        ],
        Camera("HD Webcam", FFmpegPlatform.Windows));

    [Fact]
    public void Camera_OnMacOS_AsksByIndexWithoutSound() => Assert.Equal(
        [
            "-f avfoundation -pixel_format nv12 -video_size 640x480 -framerate 29.97 -i 0:none",
            "-f avfoundation -framerate 29.97 -i 0:none",
            "-f avfoundation -framerate 30 -i 0:none",
            "-f avfoundation -i 0:none",
        ],
        Camera("0", FFmpegPlatform.MacOS));

    [Theory]
    [InlineData("/dev/video0: Device or resource busy", "P2P1005")]
    [InlineData("Could not run graph (sometimes caused by a device already in use by other application)", "P2P1005")]
    [InlineData("/dev/video0: Permission denied", "P2P1006")]
    [InlineData("Cannot open video device /dev/video9: No such file or directory", "P2P1004")]
    [InlineData("Could not find video device with name [HD Webcam] among source devices of type video.", "P2P1004")]
    [InlineData("Invalid data found when processing input", "P2P1002")]
    [InlineData("", "P2P1002")]
    public void Explain_TellsCausesApartByFFmpegsWords(string words, string code)
    {
        var input = FFmpegInput.Camera("/dev/video0", "Webcam", Options, FFmpegPlatform.Linux);
        var error = FFmpegErrors.Explain(input, new FFmpegEnd(1, words, false), Options.DataTimeout);
        Assert.Equal(code, error.Code);
        Assert.Contains("Webcam", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_AreBoundedAndLoseTheirPasswords()
    {
        var words = new FFmpegWords();
        for (var i = 0; i < 100; i++)
        {
            words.Add($"{i} {new string('x', 5000)}");
        }

        words.Add("[rtsp] rtsp://admin:s3cr@et@10.0.0.9/live: Connection refused");
        var text = words.ToString();
        Assert.InRange(text.Length, 1, 20 * 310);
        Assert.EndsWith("[rtsp] rtsp://***@10.0.0.9/live: Connection refused", text, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://10.0.0.9/")]
    [InlineData("/relative")]
    public void FromRtsp_OfAnotherAddress_Throws(string address) =>
        Assert.Throws<ArgumentException>(nameof(address), () => FFmpegSource.FromRtsp(new Uri(address, UriKind.RelativeOrAbsolute)));

    [Fact]
    public void FromFile_OptionOutsideItsRange_NamesKeyValueAndRange()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>("Width", () => FFmpegSource.FromFile("a", configure: o => o.Width = 8));
        Assert.Contains("16 to 4096 pixels", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Camera(string device, FFmpegPlatform platform) =>
        FFmpegInput.Camera(device, device, Options, platform).Attempts.Select(attempt => string.Join(' ', attempt));
}
