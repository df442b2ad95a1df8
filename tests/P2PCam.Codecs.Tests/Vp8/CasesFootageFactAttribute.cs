using P2PCam.TestKit;

namespace P2PCam.Codecs.Tests.Vp8;

/// <summary>A test on a clip among the cases from the field, read by FFmpeg: skipped, with the reason, where either is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CasesFootageFactAttribute : FactAttribute
{
    public CasesFootageFactAttribute() => Skip = new ToolFactAttribute("ffmpeg").Skip ?? new CasesFactAttribute().Skip;
}
