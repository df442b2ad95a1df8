using P2PCam.Browser.Tests.Browsers;
using P2PCam.TestKit.Processes;

namespace P2PCam.Browser.Tests;

/// <summary>The frames of a video file, read by FFmpeg alone: the reference for what a page shows of it.</summary>
internal static class Footage
{
    private const int BytesPerFrame = 32 * 18 * 3;

    /// <summary>The file's frame that is most like the sample, and their mean absolute difference, 0 to 255.</summary>
    public static (double Difference, int Frame) FindIn(string file, PictureSample sample)
    {
        // The sample takes the middle of each cell of a smaller picture; the shape follows the page's, black bars included.
        var filter = "fps=10,scale=1280:720:force_original_aspect_ratio=decrease,pad=1280:720:(ow-iw)/2:(oh-ih)/2,scale=32:18:flags=area";
        var frames = Tool.ReadBytes("ffmpeg", "-v", "error", "-i", file, "-vf", filter, "-f", "rawvideo", "-pix_fmt", "rgb24", "-");
        return Enumerable.Range(0, frames.Length / BytesPerFrame)
            .Select(index => (Difference: frames.Skip(index * BytesPerFrame).Take(BytesPerFrame).Zip(sample.Pixels, (a, b) => Math.Abs(a - b)).Average(), Frame: index))
            .Min();
    }
}
