using P2PCam.TestKit.Processes;

namespace P2PCam.TestKit.Packages;

/// <summary>Runs the dotnet command as a user does, without what a test run or MSBuild left in the environment.</summary>
public static class DotNet
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>What it wrote.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message carries its output.</exception>
    public static async Task<string> RunAsync(string folder, params string[] arguments)
    {
        var (code, output) = await TryRunAsync(folder, arguments);
        return code == 0 ? output
            : throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} ended with {code}.\n{output}");
    }

    /// <summary>How it ended, and what it wrote.</summary>
    public static async Task<(int Code, string Output)> TryRunAsync(string folder, params string[] arguments)
    {
        // A shell changes to the folder, so that nuget.config and global.json are looked for there. Variables of the running test host
        // would lead MSBuild astray.
        string[] script =
        [
            "-c",
            "cd \"$1\" && shift && exec env -u MSBUILD_EXE_PATH -u MSBuildSDKsPath -u MSBuildExtensionsPath -u MSBuildLoadMicrosoftTargetsReadOnly "
                + "-u CI -u P2PCAM_CONFIGURATION MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en dotnet \"$@\"",
            "sh",
            folder,
            .. arguments,
        ];
        await using var process = ChildProcess.Start("/bin/sh", script, name: "dotnet " + arguments[0]);
        var code = await process.WaitForExitAsync(Limit);
        return (code, string.Join('\n', process.Output.All));
    }
}
