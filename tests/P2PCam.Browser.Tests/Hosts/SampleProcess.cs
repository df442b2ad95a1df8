using P2PCam.TestKit;
using P2PCam.TestKit.Networks;
using P2PCam.TestKit.Processes;

namespace P2PCam.Browser.Tests.Hosts;

/// <summary>A sample, as a user runs it, on a computer of the test bed.</summary>
internal sealed class SampleProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly ChildProcess _process;

    private SampleProcess(ChildProcess process) => _process = process;

    /// <summary>What it wrote.</summary>
    public OutputLines Output => _process.Output;

    /// <summary>Processor time that it has used so far.</summary>
    public TimeSpan ProcessorTime => _process.ProcessorTime;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts a sample by its name.</summary>
    public static SampleProcess Start(NetworkNamespace space, string sample, params string[] arguments) => Start(space, sample, environment: null, arguments);

    /// <summary>Starts a sample with variables of its own.</summary>
    public static SampleProcess Start(NetworkNamespace space, string sample, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        var file = Path.Combine(Repository.Root, "samples", sample, "bin", Configuration, "net10.0", sample + ".dll");
        Assert.True(File.Exists(file), $"The sample is not built: {file}");
        return new SampleProcess(space.StartProcess("dotnet", [file, .. arguments], environment));
    }

    /// <summary>Starts a sample and waits until it wrote a line that starts so.</summary>
    public static async Task<SampleProcess> StartAsync(NetworkNamespace space, string ready, string sample, params string[] arguments)
    {
        var process = Start(space, sample, arguments);
        await process.WaitForLineAsync(line => line.StartsWith(ready, StringComparison.Ordinal));
        return process;
    }

    /// <summary>Waits until a line of this kind was written, before or after now.</summary>
    public Task<string> WaitForLineAsync(Func<string, bool> condition) => _process.WaitForLineAsync(condition, Limit);

    /// <summary>Waits for its own end; returns the exit code.</summary>
    public Task<int> WaitForExitAsync() => _process.WaitForExitAsync(Limit);

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
