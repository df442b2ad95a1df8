using System.Globalization;
using P2PCam.TestKit.Networks;
using P2PCam.TestKit.Processes;

namespace P2PCam.TestKit.Rtsp;

/// <summary>An RTSP camera that nobody here wrote: GStreamer's server, H.264 at 320x240, with a key frame each second.</summary>
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
    /// <param name="file">An MP4 of H.264 to show, from its start for each client; a moving ball if null.</param>
    /// <param name="space">The computer of the test bed that it runs on, reached there by its loopback address; this one if null.</param>
    /// <param name="rate">Frames per second as a fraction, such as <c>1/1</c>.</param>
    public static async Task<RtspServer> StartAsync(
        int port = 0, (string User, string Password)? login = null, string? file = null, NetworkNamespace? space = null, string rate = "30/1")
    {
        string[] secret = login is { } words ? ["--login", words.User, words.Password] : [];
        string[] picture = file is null ? [] : ["--file", file];
        var script = Path.Combine(Repository.Root, "tests", "P2PCam.TestKit", "Rtsp", "rtsp_server.py");
        string[] arguments = ["-u", script, "--rate", rate, .. secret, .. picture, port.ToString(CultureInfo.InvariantCulture)];
        var process = space is null ? ChildProcess.Start(Python, arguments, name: "rtsp") : space.StartProcess(Python, arguments);
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
