using Xunit;

namespace P2PCam.TestKit;

/// <summary>A test that needs programs on PATH (comma-separated): skipped, naming the first one that is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(string tools)
    {
        Tools = tools;
        Skip = ToolProbe.MissingReason(tools);
    }

    public string Tools { get; }
}

/// <summary>A theory that needs programs on PATH (comma-separated): skipped, naming the first one that is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolTheoryAttribute : TheoryAttribute
{
    public ToolTheoryAttribute(string tools)
    {
        Tools = tools;
        Skip = ToolProbe.MissingReason(tools);
    }

    public string Tools { get; }
}

internal static class ToolProbe
{
    public static string? MissingReason(string tools)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin").Append("/sbin").ToArray();
        var missing = tools.Split(',', StringSplitOptions.TrimEntries).FirstOrDefault(tool => !folders.Any(folder => File.Exists(Path.Combine(folder, tool))));
        return missing is null ? null : $"'{missing}' is not on PATH; ./test.sh installs it from Debian's packages.";
    }
}
