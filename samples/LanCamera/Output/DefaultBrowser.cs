using System.ComponentModel;
using System.Diagnostics;

namespace LanCamera.Output;

/// <summary>Opens a page in the browser that the user has chosen for that.</summary>
internal static class DefaultBrowser
{
    public static void Open(Uri page)
    {
        try
        {
            // The shell finds the browser: on Windows by itself, elsewhere .NET calls xdg-open or open.
            Process.Start(new ProcessStartInfo(page.ToString()) { UseShellExecute = true })?.Dispose();
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            Console.WriteLine($"No browser could be opened ({e.Message}). Open it yourself: {page}");
        }
    }
}
