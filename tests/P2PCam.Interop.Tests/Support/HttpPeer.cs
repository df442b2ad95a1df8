using P2PCam.TestKit;
using P2PCam.TestKit.Processes;

namespace P2PCam.Interop.Tests.Support;

/// <summary>A script of peers/ that knows a URL and no more: it publishes or watches by HTTP requests until it is interrupted.</summary>
internal sealed class HttpPeer : IAsyncDisposable
{
    public const string Aiortc = "aiortc_whip.py";
    public const string GStreamer = "gstreamer_whip.py";
    public const string Werift = "werift_whip.js";
    public const string GStreamerImport = "import gi; gi.require_version('Gst', '1.0'); gi.require_version('GstWebRTC', '1.0'); from gi.repository import Gst, GstWebRTC; Gst.init(None); assert all(Gst.ElementFactory.find(n) for n in ('webrtcbin', 'vp8enc', 'vp8dec', 'rtpvp8pay', 'nicesrc'))";
    public const string GStreamerAudioImport = GStreamerImport + "; assert all(Gst.ElementFactory.find(n) for n in ('opusenc', 'rtpopuspay', 'audiotestsrc'))";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly ChildProcess _process;

    private HttpPeer(ChildProcess process) => _process = process;

    public string Output => _process.Output.Tail();

    /// <summary>Where npm put what the peers are made of.</summary>
    public static string Folder => Path.Combine(Repository.Root, "tests", "P2PCam.Interop.Tests", "peers");

    public static HttpPeer Start(string script, params string[] arguments) => new(script.EndsWith(".py", StringComparison.Ordinal)
        ? ChildProcess.Start(PythonPeer.Python, ["-u", Path.Combine(AppContext.BaseDirectory, "peers", script), .. arguments])
        : ChildProcess.Start("node", [Path.Combine(Folder, script), .. arguments]));

    public Task<string> WaitForLineAsync(Func<string, bool> condition) => _process.WaitForLineAsync(condition, Limit);

    /// <summary>Waits until it has seen that many pictures.</summary>
    public Task<string> WaitForFramesAsync(int count) => WaitForLineAsync(line => line.StartsWith($"frame {count} ", StringComparison.Ordinal));

    /// <summary>Lets it leave as it should, and returns what DELETE was answered with.</summary>
    public async Task<string> LeaveAsync()
    {
        _process.SendInterrupt();
        return await WaitForLineAsync(line => line.StartsWith("deleted", StringComparison.Ordinal));
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}

/// <summary>A test against werift: skipped, with the reason, where Node.js or the package is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WeriftFactAttribute : FactAttribute
{
    public WeriftFactAttribute() => Skip = new ToolFactAttribute("node").Skip
        ?? (Directory.Exists(Path.Combine(HttpPeer.Folder, "node_modules", "werift")) ? null : "The npm package werift is not installed; ./test.sh installs it.");
}
