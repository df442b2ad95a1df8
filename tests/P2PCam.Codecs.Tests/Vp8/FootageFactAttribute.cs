using P2PCam.TestKit;

namespace P2PCam.Codecs.Tests.Vp8;

/// <summary>A test on real footage: the street of OpenCV's documentation, read by FFmpeg.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FootageFactAttribute : FactAttribute
{
    public const string Path = "/usr/share/doc/opencv-doc/examples/data/vtest.avi";

    public FootageFactAttribute()
    {
        Skip = new ToolFactAttribute("ffmpeg").Skip;
        if (Skip is null && !File.Exists(Path))
        {
            Skip = $"{Path} is not there; it is in the package opencv-doc.";
        }
    }
}
