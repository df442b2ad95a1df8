using System.IO.Compression;
using System.Reflection.Metadata;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using P2PCam.TestKit;

namespace P2PCam.Packaging.Tests;

/// <summary>
/// Where a package comes from: what git knows or the build is told, and nothing made up. SourceLink leads from the symbols to that very
/// commit.
/// </summary>
[Trait("Category", "Packaging")]
public class SourceLinkTests(SourceRepository repository) : IClassFixture<SourceRepository>
{
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    [ToolTheory("git")]
    [InlineData("https://github.com/example/p2pcam.git", "https://github.com/example/p2pcam", "https://raw.githubusercontent.com/example/p2pcam/{0}/src/Small/Small.cs")]
    [InlineData("git@github.com:example/p2pcam.git", "https://github.com/example/p2pcam", "https://raw.githubusercontent.com/example/p2pcam/{0}/src/Small/Small.cs")]
    [InlineData("https://somebody:hunter2@github.com/example/p2pcam.git", "https://github.com/example/p2pcam", "https://raw.githubusercontent.com/example/p2pcam/{0}/src/Small/Small.cs")]
    [InlineData("https://gitlab.com/example/p2pcam.git", "https://gitlab.com/example/p2pcam", "https://gitlab.com/example/p2pcam/-/raw/{0}/src/Small/Small.cs")]
    public async Task PackageOfAClone_NamesItsRepository_AndItsSymbolsTheCommit(string remote, string address, string source)
    {
        var commit = await repository.CloneFromAsync(remote);
        var packed = await repository.PackAsync();

        var (url, revision, readme) = Read(packed);
        Assert.Equal((address, commit), (url?.Replace(".git", "", StringComparison.Ordinal), revision));
        Assert.Contains($"<{url}>", readme);
        Assert.Equal(string.Format(null, source, commit), Resolve(packed, "/_/src/Small/Small.cs"));
        AssertHoldsNot(packed, "hunter2");
        AssertHoldsNot(packed, repository.Folder);
    }

    [ToolTheory("git")]
    [InlineData("/srv/git/p2pcam.git")]
    [InlineData("file:///srv/git/p2pcam.git")]
    [InlineData("../elsewhere")]
    [InlineData(null)]
    public async Task PackageOfALocalClone_MakesUpNoAddress(string? remote)
    {
        var commit = await repository.CloneFromAsync(remote);
        var packed = await repository.PackAsync();

        var (url, revision, readme) = Read(packed);
        Assert.Equal((null, commit), (url, revision));
        Assert.DoesNotContain("http", readme);
        Assert.Null(Resolve(packed, "/_/src/Small/Small.cs"));
        AssertHoldsNot(packed, "/srv/git");
        AssertHoldsNot(packed, repository.Folder);
    }

    [ToolFact("git")]
    public async Task RepositoryUrlGivenToTheBuild_IsTheOneThatCounts()
    {
        await repository.CloneFromAsync("/srv/git/p2pcam.git");
        var packed = await repository.PackAsync("-p:RepositoryUrl=https://git.example.org/p2pcam");

        var (url, _, readme) = Read(packed);
        Assert.Equal("https://git.example.org/p2pcam", url);
        Assert.Contains("<https://git.example.org/p2pcam>", readme);
    }

    [ToolFact("git")]
    public async Task SameSources_InTwoFolders_GiveTheSameAssemblyAndSymbols()
    {
        var other = new SourceRepository();
        await other.InitializeAsync();
        await repository.CloneFromAsync(null);

        var (here, there) = (await repository.PackAsync(), await other.PackAsync());

        foreach (var (file, entry) in new[] { ("Small.1.0.0.nupkg", "lib/net10.0/Small.dll"),
            ("Small.1.0.0.snupkg", "lib/net10.0/Small.pdb") })
        {
            using var first = ZipFile.OpenRead(Path.Combine(here, file));
            using var second = ZipFile.OpenRead(Path.Combine(there, file));
            Assert.Equal(Bytes(first.GetEntry(entry)!), Bytes(second.GetEntry(entry)!));
        }

        await other.DisposeAsync();
    }

    private static (string? Url, string Commit, string Readme) Read(string folder)
    {
        using var package = ZipFile.OpenRead(Path.Combine(folder, "Small.1.0.0.nupkg"));
        var repository = XDocument.Parse(Text(package, "Small.nuspec")).Descendants()
            .SingleOrDefault(element => element.Name.LocalName == "repository");
        return (repository?.Attribute("url")?.Value, repository?.Attribute("commit")?.Value ?? "", Text(package, "README.md"));
    }

    // As a debugger does it: the longest prefix of the map that fits.
    private static string? Resolve(string folder, string document)
    {
        using var symbols = ZipFile.OpenRead(Path.Combine(folder, "Small.1.0.0.snupkg"));
        using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(Bytes(symbols.GetEntry("lib/net10.0/Small.pdb")!)));
        var reader = provider.GetMetadataReader();
        Assert.Contains(document, reader.Documents.Select(handle => reader.GetString(reader.GetDocument(handle).Name)));
        var map = reader.CustomDebugInformation.Select(reader.GetCustomDebugInformation)
            .Where(info => reader.GetGuid(info.Kind) == SourceLink).Select(info => reader.GetBlobBytes(info.Value)).SingleOrDefault();
        if (map is null)
        {
            return null;
        }

        using var json = JsonDocument.Parse(map);
        return json.RootElement.GetProperty("documents").EnumerateObject()
            .Where(entry => document.StartsWith(entry.Name.TrimEnd('*'), StringComparison.Ordinal))
            .OrderByDescending(entry => entry.Name.Length)
                .Select(entry => entry.Value.GetString()!.Replace("*", document[(entry.Name.Length - 1)..], StringComparison.Ordinal))
                .FirstOrDefault();
    }

    private static void AssertHoldsNot(string folder, string text)
    {
        foreach (var file in Directory.GetFiles(folder))
        {
            using var archive = ZipFile.OpenRead(file);
            foreach (var entry in archive.Entries)
            {
                var bytes = Bytes(entry);
                Assert.False(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0
                    || bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(text)) >= 0, $"{entry.FullName} holds {text}.");
            }
        }
    }

    private static string Text(ZipArchive archive, string file) =>
        Encoding.UTF8.GetString(Bytes(archive.GetEntry(file)!)).TrimStart('\uFEFF');

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
