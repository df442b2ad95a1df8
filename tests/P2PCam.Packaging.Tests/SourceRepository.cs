using P2PCam.TestKit;
using P2PCam.TestKit.Packages;
using P2PCam.TestKit.Processes;

namespace P2PCam.Packaging.Tests;

/// <summary>
/// A small repository that packs one library by this repository's own build files, so that a test can say where it was cloned from.
/// </summary>
public sealed class SourceRepository : IAsyncLifetime
{
    private static readonly string[] BuildFiles = ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props",
        "LICENSE", "CHANGELOG.md", "global.json", ".editorconfig", ".gitignore"];

    public string Folder { get; } = Directory.CreateTempSubdirectory("p2pcam-clone-").FullName;

    private string Project => Path.Combine(Folder, "src", "Small", "Small.csproj");

    public async Task InitializeAsync()
    {
        foreach (var file in BuildFiles
            .Concat(Directory.GetFiles(Path.Combine(Repository.Root, "eng", "packages"))
            .Select(path => Path.GetRelativePath(Repository.Root, path))))
        {
            Write(file, await File.ReadAllBytesAsync(Path.Combine(Repository.Root, file)));
        }

        Write("src/Small/Small.csproj",
            "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><Description>Small.</Description><RestorePackagesWithLockFile>false</RestorePackagesWithLockFile></PropertyGroup></Project>"u8);
        Write("src/Small/Small.cs", "namespace Small;\n\ninternal static class Small\n{\n    public static int One() => 1;\n}\n"u8);
        Write("src/Small/README.md", "# Small\n\nMIT licence.\n"u8);
        Write("src/Small/PublicAPI.Shipped.txt", "#nullable enable\n"u8);
        Write("src/Small/PublicAPI.Unshipped.txt", "#nullable enable\n"u8);
        await DotNet.RunAsync(Folder, "restore", Project, "-v", "quiet");
    }

    public Task DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>As it is after a clone from there; null is no clone but an unpacked archive.</summary>
    /// <returns>The commit; empty without git.</returns>
    public async Task<string> CloneFromAsync(string? remote)
    {
        if (Directory.Exists(Path.Combine(Folder, ".git")))
        {
            Directory.Delete(Path.Combine(Folder, ".git"), recursive: true);
        }

        if (remote is null)
        {
            return "";
        }

        await GitAsync("init", "-q");
        await GitAsync("remote", "add", "origin", remote);
        await GitAsync("add", ".");
        await GitAsync("-c", "user.name=Nobody", "-c", "user.email=nobody@example.org", "commit", "-q", "-m", "All");
        return (await GitAsync("rev-parse", "HEAD")).Trim();
    }

    /// <summary>The folder that holds the package and its symbols.</summary>
    public async Task<string> PackAsync(params string[] properties)
    {
        var output = Path.Combine(Folder, "artifacts", Guid.NewGuid().ToString("n"));
        await DotNet.RunAsync(Folder,
            ["pack", Project, "--no-restore", "-c", "Release", "-o", output, "-v", "quiet", "-p:PackageVersion=1.0.0", .. properties]);
        return output;
    }

    private async Task<string> GitAsync(params string[] arguments)
    {
        await using var git = ChildProcess.Start("git", ["-C", Folder, .. arguments]);
        return await git.WaitForExitAsync(TimeSpan.FromMinutes(1)) == 0 ? string.Join('\n', git.Output.All)
            : throw new InvalidOperationException(git.Output.Tail());
    }

    private void Write(string file, ReadOnlySpan<byte> text)
    {
        var path = Path.Combine(Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, text);
    }
}
