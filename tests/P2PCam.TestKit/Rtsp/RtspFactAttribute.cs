using P2PCam.TestKit.Networks;
using P2PCam.TestKit.Processes;
using Xunit;

namespace P2PCam.TestKit.Rtsp;

/// <summary>A test against an <see cref="RtspServer"/> through FFmpeg: skipped, with the reason, where either is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RtspFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Missing = new(Probe);

    /// <param name="tools">Programs besides FFmpeg, comma-separated.</param>
    /// <param name="withNetwork">Whether the test makes network namespaces.</param>
    public RtspFactAttribute(string tools = "ffmpeg", bool withNetwork = false)
    {
        (Tools, WithNetwork) = (tools, withNetwork);
        Skip = (withNetwork ? NetworkProbe.Reason : null) ?? ToolProbe.MissingReason($"ffmpeg,{tools}") ?? Missing.Value;
    }

    public string Tools { get; }

    public bool WithNetwork { get; }

    internal static string? MissingReason => ToolProbe.MissingReason("ffmpeg") ?? Missing.Value;

    private static string? Probe()
    {
        const string Import = """
            import gi
            gi.require_version('Gst', '1.0')
            gi.require_version('GstRtspServer', '1.0')
            from gi.repository import Gst, GstRtspServer
            Gst.init(None)
            assert all(Gst.ElementFactory.find(name) for name in ('openh264enc', 'h264parse', 'rtph264pay'))
            """;
        try
        {
            Tool.Run(RtspServer.Python, "-c", Import);
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return "GStreamer's RTSP server for Python is missing; ./test.sh installs it from Debian's packages.";
        }
    }
}

/// <summary>A theory against an <see cref="RtspServer"/> through FFmpeg: skipped, with the reason, where either is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RtspTheoryAttribute : TheoryAttribute
{
    public RtspTheoryAttribute() => Skip = RtspFactAttribute.MissingReason;
}
