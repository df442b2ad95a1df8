using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using P2PCam.Sources.FFmpeg;
using P2PCam.TestKit;
using P2PCam.TestKit.Pictures;

namespace P2PCam.Tests.Sources;

public sealed class FFmpegSourceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("p2pcam-ffmpeg");

    [ToolFact("ffmpeg")]
    public async Task File_InAnotherShapeAndMatrix_ComesScaledWithBordersInTheRightColours()
    {
        // Red, 2:1, in BT.709 as HD films are: 75 % of red is (65, 100, 212) there in limited range by BT.601.
        const string Red = "color=c=0xBF0000:size=320x160:rate=30:duration=1,scale=out_color_matrix=bt709";
        var clip = await MakeAsync("red.mp4", Red, "-colorspace", "bt709");
        await using var source = FFmpegSource.FromFile(clip, loop: false, Small);
        var count = 0;
        await foreach (var frame in source.ReadFramesAsync())
        {
            using (frame)
            {
                Assert.Equal((160, 120, PixelFormat.I420), (frame.Width, frame.Height, frame.Format));
                Assert.InRange(frame.GetPlane(0)[(60 * 160) + 80], 62, 68);
                Assert.InRange(frame.GetPlane(1)[(30 * 80) + 40], 97, 103);
                Assert.InRange(frame.GetPlane(2)[(30 * 80) + 40], 209, 215);
                Assert.Equal((16, 16), (frame.GetPlane(0)[80], frame.GetPlane(0)[(119 * 160) + 80]));
                count++;
            }
        }

        Assert.InRange(count, 29, 31);
    }

    [ToolFact("ffmpeg")]
    public async Task File_Looping_GoesOnWithoutAStall()
    {
        var clip = await MakeAsync("loop.mp4", "testsrc2=size=160x120:rate=25:duration=0.4");
        await using var source = FFmpegSource.FromFile(clip, configure: o => (o.Width, o.Height, o.FrameRate) = (160, 120, 25));
        var last = TimeSpan.MinValue;
        var hashes = new List<int>();
        await foreach (var frame in source.ReadFramesAsync())
        {
            using (frame)
            {
                Assert.True(frame.Timestamp > last, $"{frame.Timestamp} after {last}");
                last = frame.Timestamp;
                var hash = default(HashCode);
                hash.AddBytes(frame.GetPlane(0));
                hashes.Add(hash.ToHashCode());
                if (hashes.Count == 30)
                {
                    break;
                }
            }
        }

        // Ten pictures, three times over.
        Assert.InRange(hashes.Distinct().Count(), 9, 11);
        Assert.Equal(hashes[5], hashes[15]);
    }

    [FootageFact]
    public async Task File_RealFootage_YieldsMovingPictures()
    {
        await using var source = FFmpegSource.FromFile(FootageFactAttribute.Path, configure: Small);
        var (first, moved) = ((byte[]?)null, false);
        await foreach (var frame in source.ReadFramesAsync())
        {
            using (frame)
            {
                first ??= frame.GetPlane(0).ToArray();
                moved = !frame.GetPlane(0).SequenceEqual(first);
                if (moved)
                {
                    break;
                }
            }
        }

        Assert.True(moved);
    }

    [ToolFact("ffmpeg")]
    public async Task File_ThatIsMissing_SaysSo()
    {
        var error = await FailAsync(FFmpegSource.FromFile(Path.Combine(_folder.FullName, "nothing.mp4"), configure: Small));
        Assert.Equal("P2P1004", error.Code);
        Assert.Contains("nothing.mp4 was not found", error.Message, StringComparison.Ordinal);
    }

    [ToolFact("ffmpeg")]
    public async Task File_ThatIsNoVideo_FailsInFFmpegsWords()
    {
        var path = Path.Combine(_folder.FullName, "text.mp4");
        await File.WriteAllTextAsync(path, "no video at all");
        var error = await FailAsync(FFmpegSource.FromFile(path, configure: Small));
        Assert.Equal("P2P1002", error.Code);
        Assert.Contains("Invalid data found", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Executable_ThatIsMissing_SaysHowToInstallIt()
    {
        var error = await FailAsync(FFmpegSource.FromFile("a.mp4", configure: options => options.ExecutablePath = "/nowhere/ffmpeg"));
        Assert.Equal("P2P1001", error.Code);
        Assert.Contains("apt install ffmpeg", error.Message, StringComparison.Ordinal);
        Assert.Contains("winget install", error.Message, StringComparison.Ordinal);
        Assert.Contains("brew install", error.Message, StringComparison.Ordinal);
    }

    [ToolFact("ffmpeg")]
    public async Task Camera_ThatIsMissing_IsTriedOnceAndNotFound()
    {
        var options = new FFmpegSourceOptions();
        var input = FFmpegInput.Camera(Path.Combine(_folder.FullName, "video7"), "Webcam", options, FFmpegPlatform.Linux);
        var error = await FailAsync(new FFmpegSource(input, options, null));
        Assert.Equal("P2P1004", error.Code);
        Assert.Contains("plugged in", error.Message, StringComparison.Ordinal);
    }

    [ToolFact("ffmpeg")]
    public async Task Attempts_ThatFailWithoutAPicture_AreFollowedByTheNext()
    {
        var options = new FFmpegSourceOptions { Width = 160, Height = 120 };
        string[] refused = ["-f", "lavfi", "-i", "testsrc2=size=0x0"];
        var input = FFmpegInput.Generator("testsrc2=size=160x120");
        await using var source = new FFmpegSource(input with { Attempts = [refused, .. input.Attempts] }, options, null);
        await using var frames = source.ReadFramesAsync().GetAsyncEnumerator();
        Assert.True(await frames.MoveNextAsync());
        frames.Current.Dispose();
    }

    [ToolFact("ffmpeg")]
    public async Task Child_KilledWhileRead_EndsWithAnErrorAndCanBeReadAgain()
    {
        await using var source = Endless();
        await using var frames = source.ReadFramesAsync().GetAsyncEnumerator();
        await frames.MoveNextAsync();
        var last = frames.Current.Timestamp;
        frames.Current.Dispose();
        Process.GetProcessById(source.ProcessId!.Value).Kill();

        var error = await Assert.ThrowsAsync<VideoSourceException>(() => DrainAsync(frames));
        Assert.Equal("P2P1002", error.Code);

        await using var again = source.ReadFramesAsync().GetAsyncEnumerator();
        Assert.True(await again.MoveNextAsync());
        Assert.True(again.Current.Timestamp > last);
        again.Current.Dispose();
    }

    [ToolFact("ffmpeg")]
    public async Task Cancellation_EndsTheChild()
    {
        await using var source = Endless();
        using var cancellation = new CancellationTokenSource();
        var frames = source.ReadFramesAsync(cancellation.Token).GetAsyncEnumerator();
        await frames.MoveNextAsync();
        frames.Current.Dispose();
        Assert.True(IsRunning(source.ProcessId!.Value));
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DrainAsync(frames));
        Assert.False(IsRunning(source.ProcessId!.Value));
    }

    [ToolFact("ffmpeg")]
    public async Task ReaderThatStopsInTheMiddle_EndsTheChild()
    {
        await using var source = Endless();
        await foreach (var frame in source.ReadFramesAsync())
        {
            frame.Dispose();
            break;
        }

        Assert.False(IsRunning(source.ProcessId!.Value));
    }

    [ToolFact("sleep")]
    public async Task Child_ThatYieldsNothing_IsGivenUpAfterItsTimeout()
    {
        var time = new FakeTimeProvider();
        var script = Path.Combine(_folder.FullName, "silent");
        await File.WriteAllTextAsync(script, "#!/bin/sh\nexec sleep 600\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var options = new FFmpegSourceOptions { ExecutablePath = script, DataTimeout = TimeSpan.FromSeconds(15) };
        await using var source = new FFmpegSource(FFmpegInput.Generator("none"), options, time);
        await using var frames = source.ReadFramesAsync().GetAsyncEnumerator();
        var next = frames.MoveNextAsync().AsTask();
        time.Advance(TimeSpan.FromSeconds(14.9));
        Assert.True(IsRunning(source.ProcessId!.Value));
        time.Advance(TimeSpan.FromSeconds(0.2));

        var error = await Assert.ThrowsAsync<VideoSourceException>(() => next);
        Assert.Equal("P2P1003", error.Code);
        Assert.False(IsRunning(source.ProcessId!.Value));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void Small(FFmpegSourceOptions options) => (options.Width, options.Height) = (160, 120);

    private static FFmpegSource Endless() =>
        new(FFmpegInput.Generator("testsrc2=size=160x120:rate=30"), new FFmpegSourceOptions { Width = 160, Height = 120 }, null);

    private static async Task<VideoSourceException> FailAsync(FFmpegSource source)
    {
        await using (source)
        {
            return await Assert.ThrowsAsync<VideoSourceException>(() => DrainAsync(source.ReadFramesAsync().GetAsyncEnumerator()));
        }
    }

    private static async Task DrainAsync(IAsyncEnumerator<VideoFrame> frames)
    {
        await using (frames)
        {
            while (await frames.MoveNextAsync())
            {
                frames.Current.Dispose();
            }
        }
    }

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private async Task<string> MakeAsync(string name, string graph, params string[] options)
    {
        var path = Path.Combine(_folder.FullName, name);
        string[] encoder = ["-c:v", "libx264", "-preset", "ultrafast", "-qp", "4", "-pix_fmt", "yuv420p"];
        string[] arguments = ["-v", "error", "-f", "lavfi", "-i", graph, .. encoder, .. options, path];
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", arguments))!;
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return path;
    }
}
