using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace P2PCam.TestKit.Processes;

/// <summary>A program that a test starts and ends: its output line by line, its costs, its end with everything it started.</summary>
public sealed partial class ChildProcess : IAsyncDisposable
{
    private const int Interrupt = 2;
    private readonly Process _process;
    private readonly string _name;

    private ChildProcess(Process process, string name, OutputLines lines)
    {
        (_process, _name, Output) = (process, name, lines);
    }

    /// <summary>What it wrote to either stream.</summary>
    public OutputLines Output { get; }

    /// <summary>Its number; `ip netns exec` replaces itself, so this is the program's own.</summary>
    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The exit code; only after the end.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Processor time used so far by the process itself, not by its children.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public static ChildProcess Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? name = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        var lines = new OutputLines(name ?? Path.GetFileName(file));
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, e) => lines.Add(e.Data);
        process.ErrorDataReceived += (_, e) => lines.Add(e.Data);
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            process.Dispose();
            throw new InvalidOperationException($"Cannot start {file}: {e.Message}", e);
        }

        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var child = new ChildProcess(process, lines.Name, lines);
        _ = child.CompleteOutputAtEndAsync();
        return child;
    }

    /// <summary>Waits for a line that meets the condition, past or future; fails with the output when the program ends first or the limit passes.</summary>
    public Task<string> WaitForLineAsync(Func<string, bool> condition, TimeSpan limit) => Output.WaitForAsync(condition, limit);

    /// <summary>Waits for its end.</summary>
    /// <exception cref="TimeoutException">It still runs after the limit; the message carries its output.</exception>
    public async Task<int> WaitForExitAsync(TimeSpan limit)
    {
        using var source = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(source.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_name} still runs after {limit.TotalSeconds:F0} s.\n{Output.Tail()}");
        }

        return _process.ExitCode;
    }

    /// <summary>What Ctrl+C sends.</summary>
    public void SendInterrupt()
    {
        if (SendSignal(Id, Interrupt) != 0)
        {
            throw new InvalidOperationException($"SIGINT did not reach {_name}: errno {Marshal.GetLastPInvokeError()}.");
        }
    }

    /// <summary>SIGKILL for it and all that descend from it.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It had ended already.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task CompleteOutputAtEndAsync()
    {
        try
        {
            await _process.WaitForExitAsync();
            Output.Complete($"exit code {_process.ExitCode}");
        }
        catch (InvalidOperationException)
        {
            Output.Complete("disposed");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int pid, int signal);
}
