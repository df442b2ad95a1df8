using P2PCam.TestKit;
using P2PCam.TestKit.Networks;
using P2PCam.TestKit.Processes;

namespace P2PCam.Browser.Tests.Hosts;

/// <summary>The sample, as a user runs it, on a host of the test bed.</summary>
internal sealed class LanCameraProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly ChildProcess _process;

    private LanCameraProcess(ChildProcess process) => _process = process;

    /// <summary>Starts the sample and waits until it says where to watch.</summary>
    public static async Task<LanCameraProcess> StartAsync(NetworkNamespace space, string dataFolder, params string[] arguments)
    {
        var sample = Path.Combine(Repository.Root, "samples", "LanCamera", "bin", Configuration, "net10.0", "LanCamera.dll");
        Assert.True(File.Exists(sample), $"The sample is not built: {sample}");
        var host = new LanCameraProcess(space.StartProcess("dotnet", [sample, "--data-dir", dataFolder, .. arguments]));
        await host.WaitForLineAsync("Watch");
        return host;
    }

    /// <summary>Waits until a line that starts so was printed: "+ " for a viewer that came, "- " for one that left.</summary>
    public Task<string> WaitForLineAsync(string start) => _process.WaitForLineAsync(line => line.StartsWith(start, StringComparison.Ordinal), Limit);

    /// <summary>How many lines so far start so.</summary>
    public int CountLines(string start) => _process.Output.Count(line => line.StartsWith(start, StringComparison.Ordinal));

    /// <summary>Processor time and resident memory, for figures.</summary>
    public (TimeSpan ProcessorTime, long ResidentBytes) Costs => (_process.ProcessorTime, _process.ResidentBytes);

    /// <summary>Ends it without a word, as a crash would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(Limit);
    }

    /// <summary>Ctrl+C; returns the exit code.</summary>
    public Task<int> InterruptAsync()
    {
        _process.SendInterrupt();
        return _process.WaitForExitAsync(Limit);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif
}
