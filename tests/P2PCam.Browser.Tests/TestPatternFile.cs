using System.Diagnostics;
using System.Globalization;

namespace P2PCam.Browser.Tests;

/// <summary>The library's test pattern in a file of H.264 by libx264, without B-frames and with a key frame each second: its numbers say which frame a page shows.</summary>
internal static class TestPatternFile
{
    private const int Width = 640;
    private const int Height = 360;
    private const int FrameRate = 30;

    /// <param name="path">The file, an .mp4.</param>
    /// <param name="profile">What x264 calls it.</param>
    /// <param name="seconds">How long it is.</param>
    public static async Task MakeAsync(string path, string profile, int seconds)
    {
        var rate = FrameRate.ToString(CultureInfo.InvariantCulture);
        string[] arguments =
        [
            "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-video_size", $"{Width}x{Height}", "-framerate", rate, "-i", "pipe:0",
            "-c:v", "libx264", "-preset", "ultrafast", "-profile:v", profile, "-coder", profile == "baseline" ? "0" : "1", "-x264-params", $"bframes=0:keyint={rate}:8x8dct={(profile == "high" ? 1 : 0)}",
            "-b:v", "1M", path,
        ];
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { RedirectStandardInput = true })!;
        await using (var input = ffmpeg.StandardInput.BaseStream)
        {
            var clock = new SteppedClock();
            await using var source = new TestPatternSource(Width, Height, FrameRate, clock);
            await using var frames = source.ReadFramesAsync().GetAsyncEnumerator();
            for (var i = 0; i < seconds * FrameRate && await frames.MoveNextAsync(); i++)
            {
                using var frame = frames.Current;
                for (var plane = 0; plane < 3; plane++)
                {
                    await input.WriteAsync(frame.GetPlane(plane).ToArray());
                }

                clock.Step(TimeSpan.FromSeconds(1.0 / FrameRate));
            }
        }

        await ffmpeg.WaitForExitAsync();
        Assert.Equal(0, ffmpeg.ExitCode);
    }

    /// <summary>A clock that goes as fast as frames can be written.</summary>
    private sealed class SteppedClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Step(TimeSpan time) => _ticks += time.Ticks + 1;

        public override long GetTimestamp() => _ticks;
    }
}
