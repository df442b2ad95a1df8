using P2PCam.TestKit.Networks;

namespace P2PCam.Browser.Tests.Hosts;

/// <summary>The sample LanCamera, as a user runs it, on a host of the test bed.</summary>
internal sealed class LanCameraProcess : IAsyncDisposable
{
    private readonly SampleProcess _process;

    private LanCameraProcess(SampleProcess process) => _process = process;

    /// <summary>Starts the sample and waits until it says where to watch.</summary>
    public static async Task<LanCameraProcess> StartAsync(NetworkNamespace space, string dataFolder, params string[] arguments) =>
        new(await SampleProcess.StartAsync(space, "Watch", "LanCamera", ["--data-dir", dataFolder, .. arguments]));

    /// <summary>Waits until a line that starts so was printed: "+ " for a viewer that came, "- " for one that left.</summary>
    public Task<string> WaitForLineAsync(string start) => _process.WaitForLineAsync(line => line.StartsWith(start, StringComparison.Ordinal));

    /// <summary>How many lines so far start so.</summary>
    public int CountLines(string start) => _process.Output.Count(line => line.StartsWith(start, StringComparison.Ordinal));

    /// <summary>Processor time that it has used so far.</summary>
    public TimeSpan ProcessorTime => _process.ProcessorTime;

    /// <summary>Ends it without a word, as a crash would.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>Ctrl+C; returns the exit code.</summary>
    public Task<int> InterruptAsync() => _process.InterruptAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
