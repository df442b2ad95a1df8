using System.Text;
using VideoTool.Containers;

namespace CodecComparison;

/// <summary>Makes the clips as Y4M, and keeps them for the next run.</summary>
internal sealed class Footage(ComparisonOptions options)
{
    private const string OpenCv = "/usr/share/doc/opencv-doc/examples/data";
    private const int TextLines = 400;

    private static readonly string[] Words =
    [
        "packet", "the", "of", "session", "key", "frame", "and", "a", "candidate", "nomination", "when", "jitter", "to", "buffer", "decodes", "offer", "answer", "is", "lost", "again",
    ];

    /// <summary>The file; what is named in the arguments must be there.</summary>
    public string Make(ComparisonClip clip)
    {
        Directory.CreateDirectory(options.Work);
        var path = Path.Combine(options.Work, $"{clip.Name}-{options.Frames}.y4m");
        if (File.Exists(path))
        {
            return path;
        }

        var text = Path.Combine(options.Work, "page.txt");
        File.WriteAllText(text, Page());
        string Places(string argument) => argument.Replace("{vectors}", options.Vectors).Replace("{cases}", options.Cases).Replace("{opencv}", OpenCv).Replace("{text}", text);
        if (clip.Input.Select(Places).FirstOrDefault(argument => argument.StartsWith('/') && !File.Exists(argument)) is { } missing)
        {
            throw new UsageException($"{missing} is missing; it is in Debian's package opencv-doc or in the shared test data (--vectors).");
        }

        var partial = path + ".part";
        FFmpeg.Run([
            "-y", .. clip.Input.Select(Places), "-filter_complex", $"{Places(clip.Filter)},setpts=N/{ComparisonClip.FrameRate}/TB,format=yuv420p",
            "-fps_mode", "passthrough", "-r", $"{ComparisonClip.FrameRate}", "-frames:v", $"{options.Frames}", "-f", "yuv4mpegpipe", partial,
        ]);
        using (var made = new Y4mReader(File.OpenRead(partial)))
        {
            if (made.Frames != options.Frames || made.Width != ComparisonClip.Width || made.Height != ComparisonClip.Height)
            {
                throw new InvalidOperationException($"{clip.Name} came out as {made.Frames} pictures of {made.Width}x{made.Height}.");
            }
        }

        File.Move(partial, path);
        return path;
    }

    // The same in every run.
    private static string Page()
    {
        var (random, page) = (new Random(1), new StringBuilder());
        for (var line = 0; line < TextLines; line++)
        {
            page.Append(' ', random.Next(3) * 4);
            for (var words = random.Next(3, 13); words > 0; words--)
            {
                page.Append(Words[random.Next(Words.Length)]).Append(words == 1 ? '.' : ' ');
            }

            page.Append('\n');
        }

        return page.ToString();
    }
}
