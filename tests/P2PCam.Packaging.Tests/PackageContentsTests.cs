using System.Buffers.Binary;
using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using P2PCam.TestKit;
using P2PCam.TestKit.Packages;

namespace P2PCam.Packaging.Tests;

[Collection(PackedOnce.Name)]
[Trait("Category", "Packaging")]
public partial class PackageContentsTests(LocalFeed feed)
{
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    public static TheoryData<string> Packages => [.. LocalFeed.Names];

    [Theory]
    [MemberData(nameof(Packages))]
    public void Package_HoldsAssemblyDocsReadmeIconLicenceSbomAndNothingElse(string name)
    {
        using var package = feed.Open(name);
        var files = package.Entries.Select(entry => entry.FullName).Where(file => !IsPackaging(file)).Order(StringComparer.Ordinal);

        Assert.Equal(new[] { "LICENSE", "README.md", "_manifest/spdx_2.2/manifest.spdx.json", "icon.png", $"lib/net10.0/{name}.dll",
            $"lib/net10.0/{name}.xml" }.Order(StringComparer.Ordinal), files);
        Assert.Contains($"{name}", Read(package, $"lib/net10.0/{name}.xml"));
        Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, "LICENSE")), Read(package, "LICENSE"));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Package_SaysWhatItIsAndUnderWhichLicence(string name)
    {
        var metadata = Nuspec(name);

        Assert.Equal("MIT", Value(metadata, "license"));
        Assert.Equal("expression", metadata.Elements().Single(element => element.Name.LocalName == "license").Attribute("type")!.Value);
        Assert.Equal("README.md", Value(metadata, "readme"));
        Assert.Equal("icon.png", Value(metadata, "icon"));
        Assert.InRange(Value(metadata, "description").Length, 30, 300);
        Assert.NotEmpty(Value(metadata, "tags"));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Readme_IsThePackagesOwn_AndHasNoLinkThatBreaksOutsideTheRepository(string name)
    {
        using var package = feed.Open(name);
        var readme = Read(package, "README.md");

        Assert.StartsWith(File.ReadAllText(Path.Combine(Repository.Root, "src", name, "README.md")).TrimEnd(), readme);
        Assert.StartsWith($"# {name}\n", readme);
        Assert.DoesNotContain(Links().Matches(readme), link => !link.Value.Contains("](https://", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void ReleaseNotes_AreTheChangelogsForThisVersion(string name)
    {
        var notes = Value(Nuspec(name), "releaseNotes");

        Assert.InRange(notes.Length, 50, 35_000);
        Assert.DoesNotContain("\n## ", notes);
        Assert.Contains(notes.ReplaceLineEndings("\n"), File.ReadAllText(Path.Combine(Repository.Root, "CHANGELOG.md")));
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Icon_IsASmallSquarePng(string name)
    {
        using var package = feed.Open(name);
        var icon = Bytes(package, "icon.png");

        Assert.Equal("PNG\r\n\x1a\n"u8.ToArray(), icon[1..8]);
        Assert.Equal((128, 128),
            (BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(20))));
        Assert.InRange(icon.Length, 200, 20_000);
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Sbom_NamesThePackageAndAllThatComesWithIt(string name)
    {
        using var package = feed.Open(name);
        using var sbom = JsonDocument.Parse(Read(package, "_manifest/spdx_2.2/manifest.spdx.json"));
        var root = sbom.RootElement;
        var parts = root.GetProperty("packages").EnumerateArray()
            .ToDictionary(part => part.GetProperty("SPDXID").GetString()!, part =>
                (Name: part.GetProperty("name").GetString()!, Part: part));
        var needed = root.GetProperty("relationships").EnumerateArray()
            .Where(relation => relation.GetProperty("relationshipType").GetString() == "DEPENDS_ON")
            .Select(relation => parts[relation.GetProperty("relatedSpdxElement").GetString()!]).ToList();

        Assert.Equal(("SPDX-2.2", name, feed.Version),
            (root.GetProperty("spdxVersion").GetString(), parts["SPDXRef-RootPackage"].Name,
            parts["SPDXRef-RootPackage"].Part.GetProperty("versionInfo").GetString()));
        Assert.Equal(parts.Count - 1, needed.Count);
        Assert.All(Nuspec(name).Descendants().Where(element => element.Name.LocalName == "dependency"), dependency =>
            Assert.Contains(needed, part => part.Name == dependency.Attribute("id")!.Value));
        Assert.All(needed.Where(part => !LocalFeed.Names.Contains(part.Name)), part =>
            Assert.Equal(128, part.Part.GetProperty("checksums")[0].GetProperty("checksumValue").GetString()!.Length));
        Assert.DoesNotContain(needed, part => part.Name.Contains("Analyzers", StringComparison.Ordinal));
    }

    [Fact]
    public void Packages_DependOnWhatPackagesTxtSays()
    {
        var expected = File.ReadLines(Path.Combine(Repository.Root, "tests", "P2PCam.Packaging.Tests", "packages.txt"))
            .Where(line => line.Contains("->", StringComparison.Ordinal));
        var actual = LocalFeed.Names.SelectMany(name => Nuspec(name).Descendants()
            .Where(element => element.Name.LocalName is "dependency" or "frameworkReference")
            .Select(element => element.Name.LocalName == "dependency" ? element.Attribute("id")!.Value
                : $"[{element.Attribute("name")!.Value}]")
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
        // What a debugger would fetch is a file of the repository; what the build made is embedded.
        var embedded = reader.CustomDebugInformation.Select(reader.GetCustomDebugInformation)
            .Where(info => reader.GetGuid(info.Kind) == EmbeddedSource).Select(info => (DocumentHandle)info.Parent)
            .Select(document => reader.GetString(reader.GetDocument(document).Name)).ToHashSet();
        Assert.All(sources.Where(source => !embedded.Contains(source)), source =>
            Assert.True(File.Exists(Path.Combine(Repository.Root, source["/_/".Length..])), source));
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
        file.StartsWith("_rels/", StringComparison.Ordinal) || file.StartsWith("package/", StringComparison.Ordinal)
            || file.EndsWith(".nuspec", StringComparison.Ordinal) || file == "[Content_Types].xml";

    private static string Value(XElement metadata, string name) =>
        metadata.Elements().Single(element => element.Name.LocalName == name).Value;

    private static string Read(ZipArchive archive, string file) => new StreamReader(new MemoryStream(Bytes(archive, file))).ReadToEnd();

    private static byte[] Bytes(ZipArchive archive, string file)
    {
        using var stream = archive.GetEntry(file)!.Open();
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }

    [GeneratedRegex(@"\]\([^)]*\)|(src|href)=""[^""]*""")]
    private static partial Regex Links();

    private XElement Nuspec(string name)
    {
        using var package = feed.Open(name);
        return XDocument.Parse(Read(package, $"{name}.nuspec")).Root!.Elements().Single();
    }
}
