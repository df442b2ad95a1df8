using P2PCam.TestKit;
using VideoTool.Containers;
using VideoTool.Output;

namespace P2PCam.VideoTool.Tests;

/// <summary>The program as users start it.</summary>
public class CommandTests
{
    // Far more than an interrupted tool still takes.
    private const int MostPictures = 5_000;

    [Theory]
    [InlineData("ivf", "IVF")]
    [InlineData("webm", "WebM")]
    public void EncodeInfoDecodePsnr_OneAfterTheOther_FitTogether(string extension, string container)
    {
        using var folder = new TemporaryFolder();
        var (source, encoded, decoded, statistics) = (folder["a.y4m"], folder["a." + extension], folder["b.y4m"], folder["a.csv"]);
        TestVideo.WriteY4m(source, 66, 34, 40, new Rational(20, 1));

        var result = Programs.VideoTool("encode", source, encoded, "--bitrate", "300k", "--keyframe-every", "15", "--min-q", "20", "--max-q", "90", "--no-drop", "--stats", statistics);
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Contains("40 frames, 3 key, 0 dropped", result.Output, StringComparison.Ordinal);
        var lines = File.ReadAllLines(statistics);
        Assert.Equal("frame,time_ms,bytes,key,dropped,quantizer", lines[0]);
        Assert.Equal(41, lines.Length);
        Assert.StartsWith("15,750,", lines[16], StringComparison.Ordinal);
        Assert.All(lines.Skip(1), line => Assert.InRange(int.Parse(line.Split(',')[5], System.Globalization.CultureInfo.InvariantCulture), 20, 90));

        result = Programs.VideoTool("info", encoded);
        Assert.All([container, "66x34", "20 fps", "40, 3 key, 0 not shown, 0 left out", "2.00 s", "0, 15, 30", "K"], words => Assert.Contains(words, result.Output, StringComparison.Ordinal));

        result = Programs.VideoTool("decode", encoded, decoded);
        Assert.Contains("40 pictures of 66x34 at 20 fps", result.Output, StringComparison.Ordinal);

        // The decoded file and the decoding reader are the same distance from the source.
        var (direct, indirect) = (Programs.VideoTool("psnr", source, encoded), Programs.VideoTool("psnr", source, decoded));
        Assert.Equal(direct.Output.Split('\n')[1..], indirect.Output.Split('\n')[1..]);
    }

    [Fact]
    public void Encode_OnTwoThreads_MakesTheSameFile()
    {
        using var folder = new TemporaryFolder();
        TestVideo.WriteY4m(folder["a.y4m"], 130, 98, 12, new Rational(30, 1));
        Programs.VideoTool("encode", folder["a.y4m"], folder["1.ivf"], "--partitions", "4", "--layers", "3");
        var result = Programs.VideoTool("encode", folder["a.y4m"], folder["2.ivf"], "--partitions", "4", "--layers", "3", "--threads", "2");
        Assert.True(result.ExitCode == 0, result.Errors);
        Assert.Equal(File.ReadAllBytes(folder["1.ivf"]), File.ReadAllBytes(folder["2.ivf"]));
    }

    [Theory]
    [InlineData("--help", 0, "Usage: VideoTool COMMAND")]
    [InlineData("", 0, "Usage: VideoTool COMMAND")]
    [InlineData("encod a b", 2, "one of encode, decode, psnr, ssim, info")]
    [InlineData("encode a.y4m", 2, "takes two files")]
    [InlineData("encode none.y4m b.ivf", 2, "There is no file 'none.y4m'")]
    [InlineData("encode a.y4m b.mp4", 2, ".ivf or .webm")]
    [InlineData("encode a.y4m a.y4m", 2, "overwrite")]
    [InlineData("encode a.y4m b.ivf --bitrate many", 2, "such as 2M or 800k")]
    [InlineData("encode a.y4m b.ivf --buffer 99", 2, "from 100 to 10000")]
    [InlineData("encode a.y4m b.ivf --min-q 128", 2, "from 0 to 127")]
    [InlineData("encode a.y4m b.ivf --min-q 50 --max-q 20", 2, "finest")]
    [InlineData("encode a.y4m b.ivf --partitions 3", 2, "1, 2, 4 or 8")]
    [InlineData("encode a.y4m b.ivf --what 1", 2, "There is no option '--what'")]
    [InlineData("encode a.y4m /nowhere/b.ivf", 2, "cannot be written")]
    [InlineData("decode a.y4m b.y4m", 2, "nothing to decode")]
    [InlineData("info a.txt", 1, "neither Y4M nor IVF nor WebM")]
    [InlineData("psnr a.y4m small.y4m", 2, "one size")]
    public void Run_WrongUse_IsOneLineAndAnExitCode(string line, int exitCode, string words)
    {
        using var folder = new TemporaryFolder();
        TestVideo.WriteY4m(folder["a.y4m"], 32, 32, 2, new Rational(30, 1));
        TestVideo.WriteY4m(folder["small.y4m"], 16, 16, 2, new Rational(30, 1));
        File.WriteAllText(folder["a.txt"], "hello");
        var arguments = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => File.Exists(folder[word]) || word is "b.ivf" or "b.y4m" or "b.mp4" ? folder[word] : word);
        var result = Programs.VideoTool([.. arguments]);
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(words, exitCode == 0 ? result.Output : result.Errors, StringComparison.Ordinal);
        Assert.Equal(exitCode == 0 ? 0 : 1, result.Errors.Count(c => c == '\n'));
    }

    [ToolFact("ffmpeg,ffprobe,kill,mkfifo")]
    public void Encode_Interrupted_LeavesAWholeFile()
    {
        using var folder = new TemporaryFolder();
        foreach (var extension in (string[])["ivf", "webm"])
        {
            // A pipe gives pictures without an end.
            var output = folder["a." + extension];
            using var source = System.Diagnostics.Process.Start("mkfifo", folder[extension]);
            source.WaitForExit();
            using var tool = Programs.StartVideoTool("encode", folder[extension], output, "--bitrate", "300k", "--stats", folder[extension + ".csv"]);

            // Without a buffer: what is left in one when the tool closes its end would be written once more when this end is closed.
            using (var pipe = new FileStream(folder[extension], FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 0))
            {
                using var writer = new Y4mWriter(pipe, 320, 240, new Rational(30, 1));
                for (var number = 0; !tool.HasExited; number++)
                {
                    using var picture = TestVideo.Picture(320, 240, number % 50);
                    try
                    {
                        writer.Write(picture);
                    }
                    catch (IOException)
                    {
                        // The tool has closed its end.
                        break;
                    }

                    if (number == 60)
                    {
                        System.Diagnostics.Process.Start("kill", ["-INT", $"{tool.Id}"]).WaitForExit();
                    }

                    if (number == MostPictures)
                    {
                        tool.Kill();
                        Assert.Fail($"The tool goes on after SIGINT and {number} pictures; are these tests run where that signal is ignored (nohup, a background job)?");
                    }
                }
            }

            var result = Programs.Finish(tool);
            Assert.True(result.ExitCode == 3, $"{result.ExitCode} {result.Errors}");
            var count = int.Parse(result.Output.Split(": ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
            Assert.InRange(count, 1, 1_000);
            var frames = TestVideo.Read(output).Count;
            Assert.Contains($"nb_read_packets={frames}", Programs.FFprobe("-count_packets", "-show_entries", "stream=nb_read_packets", output), StringComparison.Ordinal);
            Assert.Equal("", Programs.FFmpeg("-i", output, "-f", "null", "-"));
        }
    }

    [Fact]
    public void Progress_Line_SaysFramesSpeedRateAndTimeLeft()
    {
        using var progress = new Progress("encoded", 300, new Rational(30, 1), isQuiet: true);
        Assert.Equal("60 of 300 encoded  30.0 fps  800 kbit/s  q 7  0:00:08 left", progress.Line(60, 200_000, "q 7", TimeSpan.FromSeconds(2)));
        using var unknown = new Progress("decoded", null, new Rational(30, 1), isQuiet: true);
        Assert.Equal("60 decoded  30.0 fps", unknown.Line(60, null, "", TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void FrameChart_ManyFrames_ShowsTheLargestOfEachColumn()
    {
        var sizes = Enumerable.Range(0, 100).Select(i => i == 41 ? 8_000 : 1_000).ToArray();
        var lines = FrameChart.Draw(sizes, [41], 50).ToArray();
        Assert.Equal("    8.0 kB │" + new string(' ', 20) + "█", lines[0]);
        Assert.Equal(new string(' ', 11) + "│" + new string('█', 50), lines[7]);
        Assert.Equal(32, lines[9].IndexOf('K', StringComparison.Ordinal));
        Assert.Contains("2 in a column", lines[10], StringComparison.Ordinal);
    }
}
