using System.Diagnostics;

namespace P2PCam.TestKit.Processes;

/// <summary>Ends a process that something else started (a browser's driver, an aborted run), with all its descendants.</summary>
public static class ProcessTree
{
    public static bool IsAlive(int pid) => Directory.Exists($"/proc/{pid}");

    public static void Kill(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or AggregateException or System.ComponentModel.Win32Exception)
        {
            // It is gone, which is what was asked for.
        }
    }
}
