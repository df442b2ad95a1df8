using Mono.Cecil;
using P2PCam.TestKit;

namespace P2PCam.Architecture.Tests;

public class LayersTests
{
    private static readonly string[] Projects = [.. Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(folder => Path.GetFileName(folder)!)];

    [Fact]
    public void Assemblies_ReferenceOnlyWhatLayersTxtAllows()
    {
        var allowed = File.ReadLines(Path.Combine(Repository.Root, "tests", "P2PCam.Architecture.Tests", "layers.txt"))
            .Where(line => line.Contains("->", StringComparison.Ordinal))
            .Select(line => line.Split("->", StringSplitOptions.TrimEntries))
            .Select(arrow => (From: arrow[0], To: arrow[1]))
            .ToHashSet();

        var actual = Projects.SelectMany(project => ReferencesOf(project).Where(Projects.Contains).Select(reference => (From: project, To: reference))).ToList();

        Assert.NotEmpty(actual);
        Assert.DoesNotContain(actual, arrow => !allowed.Contains(arrow));
    }

    [Theory]
    [InlineData("P2PCam.WebRtc", "BouncyCastle.Cryptography")]
    [InlineData("P2PCam.Codecs", null)]
    public void InnerAssemblies_HaveNoOtherPackages(string project, string? allowedPackage)
    {
        var foreign = ReferencesOf(project).Where(name => !name.StartsWith("System.", StringComparison.Ordinal) && name != allowedPackage);

        Assert.Empty(foreign);
    }

    [Fact]
    public void P2PCam_DoesNotReferenceAspNetCore() =>
        Assert.DoesNotContain(ReferencesOf("P2PCam"), name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

    private static IEnumerable<string> ReferencesOf(string project)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, project + ".dll"));
        return [.. assembly.MainModule.AssemblyReferences.Select(reference => reference.Name)];
    }
}
