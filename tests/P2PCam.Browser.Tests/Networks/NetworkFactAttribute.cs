namespace P2PCam.Browser.Tests.Networks;

/// <summary>A test that needs network namespaces and programs on PATH: skipped, with the reason, where it cannot have them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NetworkFactAttribute : FactAttribute
{
    /// <param name="tools">Programs, comma-separated.</param>
    /// <param name="file">A file that the test reads, if any.</param>
    public NetworkFactAttribute(string tools, string? file = null)
    {
        (Tools, File) = (tools, file);
        Skip = MissingTool(tools + ",ip,nft")
            ?? (file is null || System.IO.File.Exists(file) ? null : $"{file} is missing; ./test.sh installs it from Debian's packages.")
            ?? NamespacesReason.Value;
    }

    public string? File { get; }

    public string Tools { get; }

    private static Lazy<string?> NamespacesReason { get; } = new(ProbeNamespaces);

    private static string? MissingTool(string tools)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin").Append("/sbin").ToArray();
        var missing = tools.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(tool => !folders.Any(folder => System.IO.File.Exists(Path.Combine(folder, tool))));
        return missing is null ? null : $"'{missing}' is not on PATH; ./test.sh installs it from Debian's packages.";
    }

    private static string? ProbeNamespaces()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "Network namespaces are a Linux feature.";
        }

        var name = $"p2pprobe{Environment.ProcessId}";
        try
        {
            Shell.RunAsync("ip", "netns", "add", name).GetAwaiter().GetResult();
            Shell.RunAsync("ip", "netns", "del", name).GetAwaiter().GetResult();
            return null;
        }
        catch (InvalidOperationException e)
        {
            return $"Network namespaces cannot be made here: {e.Message}";
        }
    }
}
