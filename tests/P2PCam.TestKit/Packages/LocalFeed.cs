using System.Globalization;
using System.IO.Compression;
using Xunit;

namespace P2PCam.TestKit.Packages;

/// <summary>
/// All packages, packed as they are published, in a folder outside the repository that is a NuGet feed. Made once, removed at the end.
/// </summary>
public sealed class LocalFeed : IAsyncLifetime
{
    // A version of its own for each run: the machine's package cache must never answer for the packages of an earlier run.
    private static readonly string UniqueVersion = "0.0.0-test."
        + DateTime.UtcNow.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture).TrimStart('0');

    public string Folder { get; } = Directory.CreateTempSubdirectory("p2pcam-feed-").FullName;

    public string Version => UniqueVersion;

    public static string Configuration { get; } = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";

    public static IEnumerable<string> Projects =>
        Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    /// <summary>The packages' names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Projects.Select(project => Path.GetFileNameWithoutExtension(project)!)];

    public async Task InitializeAsync()
    {
        foreach (var project in Projects)
        {
            await DotNet.RunAsync(Repository.Root, "pack", project, "--no-build", "--no-restore", "-c", Configuration, "-o", Folder,
                $"-p:PackageVersion={Version}", "-nologo", "-v", "quiet");
        }
    }

    public Task DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (var name in Names)
        {
            var cached = Path.Combine(cache, name.ToLowerInvariant(), Version);
            if (Directory.Exists(cached))
            {
                Directory.Delete(cached, recursive: true);
            }
        }

        return Task.CompletedTask;
    }

    public ZipArchive Open(string package, string extension = "nupkg") =>
        ZipFile.OpenRead(Path.Combine(Folder, $"{package}.{Version}.{extension}"));
}
