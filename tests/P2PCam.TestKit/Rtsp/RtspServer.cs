using System.Globalization;
using P2PCam.TestKit.Processes;

namespace P2PCam.TestKit.Rtsp;

/// <summary>An RTSP camera that nobody here wrote: GStreamer's server, H.264 at 320x240 with a key frame each second.</summary>
public sealed class RtspServer : IAsyncDisposable
{
    internal const string Python = "/usr/bin/python3";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly ChildProcess _process;
    private bool _isKilled;

    private RtspServer(ChildProcess process, int port)
    {
        (_process, Port) = (process, port);
    }

    public int Port { get; }

    public Uri Address => new($"rtsp://127.0.0.1:{Port}/live");

    /// <param name="port">0 for a free one.</param>
    /// <param name="login">User and password that it asks for.</param>
    public static async Task<RtspServer> StartAsync(int port = 0, (string User, string Password)? login = null)
    {
        string[] words = login is { } secret ? [secret.User, secret.Password] : [];
        var script = Path.Combine(Repository.Root, "tests", "P2PCam.TestKit", "Rtsp", "rtsp_server.py");
        var process = ChildProcess.Start(Python, ["-u", script, port.ToString(CultureInfo.InvariantCulture), .. words], name: "rtsp");
        try
        {
            var line = await process.WaitForLineAsync(each => each.StartsWith("port ", StringComparison.Ordinal), Limit);
            return new RtspServer(process, int.Parse(line[5..], CultureInfo.InvariantCulture));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops it where it stands, as a camera that hangs: its connections stay open.</summary>
    public void Freeze() => Tool.Run("kill", "-STOP", _process.Id.ToString(CultureInfo.InvariantCulture));

    /// <summary>Kills it, as a camera that is unplugged from its power.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_isKilled)
        {
            _isKilled = true;
            await _process.DisposeAsync();
        }
    }
}
