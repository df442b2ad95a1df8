using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using P2PCam.TestKit;

namespace P2PCam.Browser.Tests.Hosts;

/// <summary>The sample, as a user runs it, in a network namespace.</summary>
internal sealed class LanCameraProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly SemaphoreSlim _newLine = new(0);

    private LanCameraProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, e) => Add(e.Data);
        process.ErrorDataReceived += (_, e) => Add(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output => string.Join('\n', _lines);

    /// <summary>Starts the sample and waits until it says where to watch.</summary>
    public static async Task<LanCameraProcess> StartAsync(string networkNamespace, string dataFolder, params string[] arguments)
    {
        var sample = Path.Combine(Repository.Root, "samples", "LanCamera", "bin", Configuration, "net10.0", "LanCamera.dll");
        Assert.True(File.Exists(sample), $"The sample is not built: {sample}");
        var start = new ProcessStartInfo("ip", ["netns", "exec", networkNamespace, "dotnet", sample, "--data-dir", dataFolder, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["PATH"] = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin";
        var host = new LanCameraProcess(Process.Start(start)!);
        await host.WaitForAsync("Watch");
        return host;
    }

    /// <summary>Waits until a line with this text was printed.</summary>
    public async Task WaitForAsync(string text)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!_lines.Any(line => line.Contains(text, StringComparison.Ordinal)))
        {
            Assert.False(_process.HasExited && _newLine.CurrentCount == 0, $"The sample ended before it printed '{text}':\n{Output}");
            try
            {
                await _newLine.WaitAsync(TimeSpan.FromSeconds(1), limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"The sample did not print '{text}':\n{Output}");
            }
        }
    }

    /// <summary>Ends it without a word, as a crash would.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Ctrl+C; returns the exit code.</summary>
    public async Task<int> InterruptAsync()
    {
        await Networks.Shell.RunAsync("kill", "-INT", $"{_process.Id}");
        await _process.WaitForExitAsync().WaitAsync(Limit);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        _newLine.Dispose();
    }

#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private void Add(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
            _newLine.Release();
        }
    }
}
