using System.Runtime.InteropServices;

namespace P2PCam.Packaging.Tests;

/// <summary>A test that publishes with Native AOT: skipped where the linker that it calls, or the zlib it links, is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AotFactAttribute : FactAttribute
{
    public AotFactAttribute() => Skip = MissingReason();

    public static string RuntimeIdentifier => RuntimeInformation.RuntimeIdentifier is var rid && rid.StartsWith("linux", StringComparison.Ordinal)
        ? rid
        : $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";

    private static string? MissingReason()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "Native AOT is tested on Linux.";
        }

        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!new[] { "clang", "gcc" }.Any(tool => folders.Any(folder => File.Exists(Path.Combine(folder, tool)))))
        {
            return "Neither 'clang' nor 'gcc' is on PATH; ./test.sh installs one from Debian's packages.";
        }

        return File.Exists("/usr/include/zlib.h") ? null : "zlib's headers (zlib1g-dev) are not installed; ./test.sh installs them from Debian's packages.";
    }
}
