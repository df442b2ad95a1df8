using Xunit;

namespace P2PCam.TestKit.Pictures;

/// <summary>A test that needs real footage and FFmpeg to read it: skipped, with the reason, where either is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FootageFactAttribute : FactAttribute
{
    /// <summary>People on a campus road, 768x576 at 10 fps, 79.5 s; of Debian's package opencv-doc.</summary>
    public const string Path = "/usr/share/doc/opencv-doc/examples/data/vtest.avi";

    public FootageFactAttribute() =>
        Skip = File.Exists(Path) ? ToolProbe.MissingReason("ffmpeg") : $"{Path} is missing; it is in Debian's package opencv-doc.";
}
