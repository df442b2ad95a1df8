using System.Xml.Linq;
using P2PCam.TestKit;

namespace P2PCam.Packaging.Tests;

/// <summary>A fresh console project of somebody who uses the packages: outside the repository, with the feed beside the machine's own sources.</summary>
internal sealed class UserProject : IDisposable
{
    private UserProject(string folder) => Folder = folder;

    public string Folder { get; }

    public static async Task<UserProject> CreateAsync(LocalFeed feed, string program)
    {
        var project = new UserProject(Directory.CreateTempSubdirectory("p2pcam-user-").FullName);
        await DotNet.RunAsync(project.Folder, "new", "console", "-n", "Camera", "-o", ".", "--no-restore");
        await File.WriteAllTextAsync(Path.Combine(project.Folder, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <add key="p2pcam-local" value="{feed.Folder}" />
              </packageSources>
            </configuration>
            """);
        await DotNet.RunAsync(project.Folder, "add", "package", "P2PCam", "--version", feed.Version);
        await DotNet.RunAsync(project.Folder, "add", "package", "Microsoft.Extensions.Hosting", "--version", HostingVersion());
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Program", program), Path.Combine(project.Folder, "Program.cs"), overwrite: true);
        return project;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string HostingVersion() => XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion")
        .Single(element => (string?)element.Attribute("Include") == "Microsoft.Extensions.Hosting").Attribute("Version")!.Value;
}
