using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using P2PCam.TestKit.Networks;
using P2PCam.TestKit.Pictures;

namespace P2PCam.Browser.Tests.Hosts;

/// <summary>The sample ConsoleViewer, judged by the lines that it prints and the picture that it saves.</summary>
internal sealed partial class ConsoleViewerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private readonly string _snapshot;
    private readonly SampleProcess _process;

    private ConsoleViewerProcess(SampleProcess process, string snapshot) => (_process, _snapshot) = (process, snapshot);

    /// <summary>How many frames it had decoded by its last line.</summary>
    public long Frames => Count("frames");

    /// <summary>How many packets were lost for good by its last line.</summary>
    public long Lost => Count("lost");

    /// <summary>Whether it ever said that it had to connect again.</summary>
    public bool HasReconnected => _process.Output.Count(line => line.Contains("reconnecting", StringComparison.Ordinal)) > 0;

    public string LastLine => _process.Output.All.LastOrDefault() ?? "";

    /// <summary>Starts one that watches until it is interrupted, or until its first picture.</summary>
    public static ConsoleViewerProcess Start(NetworkNamespace space, string folder, string[] server, string stream, bool untilFirstPicture = false)
    {
        var snapshot = Path.Combine(folder, $"{Guid.NewGuid():N}.png");
        string[] duration = untilFirstPicture ? [] : ["--seconds", "86400"];
        return new ConsoleViewerProcess(SampleProcess.Start(space, "ConsoleViewer", [.. server, "--stream", stream, "--snapshot", snapshot, .. duration]), snapshot);
    }

    /// <summary>Waits until it has decoded so many more frames.</summary>
    public async Task WaitForFramesAsync(int more)
    {
        var (start, clock) = (Frames, Stopwatch.StartNew());
        while (Frames < start + more)
        {
            if (_process.HasExited || clock.Elapsed > Limit + TimeSpan.FromSeconds(0.2 * more))
            {
                Assert.Fail($"The viewer decoded {Frames - start} of {more} frames.\n{_process.Output.Tail()}");
            }

            await Task.Delay(100);
        }
    }

    /// <summary>Ctrl+C; returns the exit code and the frame number in the picture that it saved last.</summary>
    public async Task<(int ExitCode, int? FrameNumber)> InterruptAsync() => (await _process.InterruptAsync(), ReadSnapshot());

    /// <summary>Waits for its own end; returns the exit code and the frame number in the picture that it saved.</summary>
    public async Task<(int ExitCode, int? FrameNumber)> WaitForExitAsync() => (await _process.WaitForExitAsync(), ReadSnapshot());

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private int? ReadSnapshot()
    {
        if (!File.Exists(_snapshot))
        {
            return null;
        }

        var (rgb, width, height) = PngFile.Read(_snapshot);
        return CodeStripReader.ReadPacked(rgb, 3, width, height);
    }

    private long Count(string what)
    {
        var line = _process.Output.All.LastOrDefault(line => line.Contains(" frames ", StringComparison.Ordinal));
        var match = line is null ? null : Figure().Matches(line).FirstOrDefault(match => match.Groups[1].Value == what);
        return match is null ? 0 : long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"(\w+) (\d+)\b")]
    private static partial Regex Figure();
}
