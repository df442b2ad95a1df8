using System.Globalization;
using System.Text.RegularExpressions;
using P2PCam.TestKit;

namespace P2PCam.VideoTool.Tests;

public partial class MeasureTests
{
    [ToolFact("ffmpeg")]
    public void PsnrAndSsim_TwoFiles_AreAsFFmpegsFiltersHaveThem()
    {
        using var folder = new TemporaryFolder();
        foreach (var size in (string[])["160x120", "82x50"])
        {
            Programs.FFmpeg("-f", "lavfi", "-i", $"testsrc2=size={size}:rate=25", "-frames:v", "20", "-pix_fmt", "yuv420p", folder["a.y4m"]);
            Programs.FFmpeg("-i", folder["a.y4m"], "-vf", "noise=alls=30:allf=t:all_seed=2", folder["b.y4m"]);
            // FFmpeg 5.1 counts some samples more than its C code does where it has SIMD and widths are odd.
            var told = Programs.FFmpegSays("-cpuflags", "0", "-i", folder["b.y4m"], "-i", folder["a.y4m"], "-lavfi", "split[x][y];[x][1:v]psnr;[y][1:v]ssim", "-f", "null", "-");
            Compare(Psnr().Match(told), Programs.VideoTool("psnr", folder["a.y4m"], folder["b.y4m"]), 0.006);
            Compare(Ssim().Match(told), Programs.VideoTool("ssim", folder["a.y4m"], folder["b.y4m"]), 0.00002);
        }
    }

    [Fact]
    public void Psnr_TheSameFile_IsTheLargestNumber()
    {
        using var folder = new TemporaryFolder();
        TestVideo.WriteY4m(folder["a.y4m"], 32, 32, 3, new(30, 1));
        var result = Programs.VideoTool("psnr", folder["a.y4m"], folder["a.y4m"], "--csv", folder["a.csv"]);
        Assert.Contains("100.00", result.Output, StringComparison.Ordinal);
        Assert.Equal(["frame,y,u,v,overall", "0,100,100,100,100", "1,100,100,100,100", "2,100,100,100,100"], File.ReadLines(folder["a.csv"]));
        Assert.Contains("1.00000", Programs.VideoTool("ssim", folder["a.y4m"], folder["a.y4m"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Psnr_OneFileLonger_SaysSo()
    {
        using var folder = new TemporaryFolder();
        TestVideo.WriteY4m(folder["a.y4m"], 32, 32, 3, new(30, 1));
        TestVideo.WriteY4m(folder["b.y4m"], 32, 32, 5, new(30, 1));
        var result = Programs.VideoTool("psnr", folder["a.y4m"], folder["b.y4m"]);
        Assert.Contains("b.y4m goes on longer", result.Output, StringComparison.Ordinal);
        Assert.Contains("3 pictures", result.Output, StringComparison.Ordinal);
    }

    private static void Compare(Match expected, Programs.Result result, double tolerance)
    {
        Assert.True(expected.Success && result.ExitCode == 0, result.Errors);
        var row = result.Output.Split('\n').Single(line => line.StartsWith("all", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 1; i <= 4; i++)
        {
            Assert.Equal(double.Parse(expected.Groups[i].Value, CultureInfo.InvariantCulture), double.Parse(row[i], CultureInfo.InvariantCulture), tolerance);
        }
    }

    [GeneratedRegex(@"PSNR y:([\d.]+) u:([\d.]+) v:([\d.]+) average:([\d.]+)")]
    private static partial Regex Psnr();

    [GeneratedRegex(@"SSIM Y:([\d.]+) \S+ U:([\d.]+) \S+ V:([\d.]+) \S+ All:([\d.]+)")]
    private static partial Regex Ssim();
}
