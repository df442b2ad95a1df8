using System.Runtime.InteropServices;
using P2PCam.TestKit.Processes;
using Xunit;

namespace P2PCam.TestKit.Networks;

/// <summary>A test that makes network namespaces and needs programs (comma-separated): skipped, with the reason, where either is impossible.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NetworkFactAttribute : FactAttribute
{
    /// <param name="tools">Programs, comma-separated.</param>
    /// <param name="file">A file that the test reads, if any.</param>
    public NetworkFactAttribute(string tools = "", string? file = null)
    {
        (Tools, File) = (tools, file);
        Skip = NetworkProbe.Reason
            ?? (tools.Length == 0 ? null : ToolProbe.MissingReason(tools))
            ?? (file is null || System.IO.File.Exists(file) ? null : $"{file} is missing; ./test.sh installs it from Debian's packages.");
    }

    public string Tools { get; }

    public string? File { get; }
}

/// <summary>A theory of this kind.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NetworkTheoryAttribute : TheoryAttribute
{
    public NetworkTheoryAttribute(string tools = "")
    {
        Tools = tools;
        Skip = NetworkProbe.Reason ?? (tools.Length == 0 ? null : ToolProbe.MissingReason(tools));
    }

    public string Tools { get; }
}

/// <summary>Whether network namespaces can be made here.</summary>
public static class NetworkProbe
{
    private static readonly Lazy<string?> Probe = new(Find);

    /// <summary>Why not; null if they can.</summary>
    public static string? Reason => Probe.Value;

    private static string? Find()
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Linux))
        {
            return "Network namespaces exist on Linux only.";
        }

        if (!Environment.IsPrivilegedProcess)
        {
            return "Making network namespaces needs root.";
        }

        if (ToolProbe.MissingReason("ip,nft,tc") is { } missing)
        {
            return missing;
        }

        // Containers often run as root without the right to do this.
        var name = $"p2pcam-{Environment.ProcessId}-probe";
        try
        {
            Tool.Run("ip", "netns", "add", name);
            try
            {
                Tool.Run("ip", "-n", name, "link", "add", "eth0", "type", "veth", "peer", "name", "eth1");
                Tool.Run("ip", "netns", "exec", name, "nft", "add table inet probe");
            }
            finally
            {
                Tool.Run("ip", "netns", "del", name);
            }

            return null;
        }
        catch (InvalidOperationException e)
        {
            return $"Network namespaces are not permitted here: {e.Message}";
        }
    }
}
