using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;
using P2PCam.TestKit;

namespace P2PCam.Packaging.Tests;

[Collection(PackedOnce.Name)]
[Trait("Category", "Packaging")]
public class PackageContentsTests(LocalFeed feed)
{
    public static TheoryData<string> Packages => [.. LocalFeed.Projects.Select(project => Path.GetFileNameWithoutExtension(project)!)];

    [Theory]
    [MemberData(nameof(Packages))]
    public void Package_HoldsAssemblyDocsReadmeAndNothingElse(string name)
    {
        using var package = feed.Open(name);
        var files = package.Entries.Select(entry => entry.FullName).Where(file => !IsPackaging(file)).Order(StringComparer.Ordinal);

        Assert.Equal(new[] { "README.md", $"lib/net10.0/{name}.dll", $"lib/net10.0/{name}.xml" }.Order(StringComparer.Ordinal), files);
        Assert.Contains($"{name}", Read(package, $"lib/net10.0/{name}.xml"));
        Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, "README.md")), Read(package, "README.md"));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Package_SaysWhatItIsAndUnderWhichLicence(string name)
    {
        var metadata = Nuspec(name);

        Assert.Equal("MIT", Value(metadata, "license"));
        Assert.Equal("expression", metadata.Elements().Single(element => element.Name.LocalName == "license").Attribute("type")!.Value);
        Assert.Equal("README.md", Value(metadata, "readme"));
        Assert.InRange(Value(metadata, "description").Length, 30, 300);
        Assert.NotEmpty(Value(metadata, "tags"));
    }

    [Fact]
    public void Packages_DependOnWhatPackagesTxtSays()
    {
        var expected = File.ReadLines(Path.Combine(Repository.Root, "tests", "P2PCam.Packaging.Tests", "packages.txt")).Where(line => line.Contains("->", StringComparison.Ordinal));
        var actual = LocalFeed.Projects.Select(project => Path.GetFileNameWithoutExtension(project)).SelectMany(name => Nuspec(name).Descendants()
            .Where(element => element.Name.LocalName is "dependency" or "frameworkReference")
            .Select(element => element.Name.LocalName == "dependency" ? element.Attribute("id")!.Value : $"[{element.Attribute("name")!.Value}]")
            .Select(to => $"{name} -> {to}"));

        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Symbols_AreBesideThePackage_AndNameNoPathOfThisMachine(string name)
    {
        using var symbols = feed.Open(name, "snupkg");
        var pdb = Bytes(symbols, $"lib/net10.0/{name}.pdb");
        using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(pdb));
        var reader = provider.GetMetadataReader();
        var sources = reader.Documents.Select(document => reader.GetString(reader.GetDocument(document).Name)).ToList();

        Assert.NotEmpty(sources);
        Assert.All(sources, source => Assert.StartsWith("/_/", source));
        using var package = feed.Open(name);
        var assembly = Bytes(package, $"lib/net10.0/{name}.dll");
        Assert.DoesNotContain(Repository.Root, Encoding.Latin1.GetString(assembly));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Assembly_IsBuiltDeterministically(string name)
    {
        using var package = feed.Open(name);
        using var assembly = new PEReader(new MemoryStream(Bytes(package, $"lib/net10.0/{name}.dll")));

        Assert.Contains(assembly.ReadDebugDirectory(), entry => entry.Type == DebugDirectoryEntryType.Reproducible);
    }

    private static bool IsPackaging(string file) =>
        file.StartsWith("_rels/", StringComparison.Ordinal) || file.StartsWith("package/", StringComparison.Ordinal) || file.EndsWith(".nuspec", StringComparison.Ordinal) || file == "[Content_Types].xml";

    private static string Value(XElement metadata, string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;

    private static string Read(ZipArchive archive, string file) => new StreamReader(new MemoryStream(Bytes(archive, file))).ReadToEnd();

    private static byte[] Bytes(ZipArchive archive, string file)
    {
        using var stream = archive.GetEntry(file)!.Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    private XElement Nuspec(string name)
    {
        using var package = feed.Open(name);
        return XDocument.Parse(Read(package, $"{name}.nuspec")).Root!.Elements().Single();
    }
}
