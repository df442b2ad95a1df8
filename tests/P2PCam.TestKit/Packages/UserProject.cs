using System.Xml.Linq;

namespace P2PCam.TestKit.Packages;

/// <summary>
/// A fresh project of somebody who uses the packages: outside the repository, with the feed beside the machine's own sources.
/// </summary>
public sealed class UserProject : IDisposable
{
    private readonly LocalFeed _feed;

    private UserProject(LocalFeed feed, string folder) => (_feed, Folder) = (feed, folder);

    public string Folder { get; }

    /// <summary>By `dotnet new`, from one of the SDK's templates; nothing is restored yet.</summary>
    public static async Task<UserProject> CreateAsync(LocalFeed feed, string template, string name = "Camera")
    {
        var project = new UserProject(feed, Directory.CreateTempSubdirectory("p2pcam-user-").FullName);
        await DotNet.RunAsync(project.Folder, "new", template, "-n", name, "-o", ".", "--no-restore");
        await project.WriteAsync("nuget.config", $"""
            <configuration>
              <packageSources>
                <add key="p2pcam-local" value="{feed.Folder}" />
              </packageSources>
            </configuration>
            """);
        return project;
    }

    /// <summary>By `dotnet add package`.</summary>
    public Task AddPackageAsync(string package) => DotNet.RunAsync(Folder, "add", "package", package, "--version", VersionOf(package));

    /// <summary>What `dotnet add package` writes, for several packages and without a restore for each.</summary>
    public void AddPackages(IEnumerable<string> packages)
    {
        var file = Directory.GetFiles(Folder, "*.csproj").Single();
        var project = XDocument.Load(file);
        project.Root!.Add(new XElement("ItemGroup", packages.Select(package =>
            new XElement("PackageReference", new XAttribute("Include", package), new XAttribute("Version", VersionOf(package))))));
        project.Save(file);
    }

    public Task WriteAsync(string file, string text) => File.WriteAllTextAsync(Path.Combine(Folder, file), text);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    // Ours are those of the feed; others are taken in the version that this repository is tested with.
    private string VersionOf(string package) => LocalFeed.Names.Contains(package)
        ? _feed.Version
        : XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion")
            .SingleOrDefault(element => (string?)element.Attribute("Include") == package)?.Attribute("Version")?.Value
            ?? throw new InvalidOperationException($"Package {package} is neither one of ours nor in Directory.Packages.props.");
}
