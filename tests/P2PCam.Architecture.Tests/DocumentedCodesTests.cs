using System.Text.RegularExpressions;
using Mono.Cecil;
using P2PCam.TestKit;

namespace P2PCam.Architecture.Tests;

/// <summary>Event ids and error codes are promises to whoever filters logs and searches the docs: the docs list exactly those that are in the assemblies.</summary>
public partial class DocumentedCodesTests
{
    private static readonly string[] Levels = ["Trace", "Debug", "Information", "Warning", "Error", "Critical", "None"];

    [Fact]
    public void DiagnosticsMd_ListsEveryLogEventWithLevelAndMessage()
    {
        var actual = Types().SelectMany(type => type.Methods).SelectMany(LogEventsOf).Order(StringComparer.Ordinal).ToList();
        var documented = Docs("diagnostics.md").Where(line => EventRow().IsMatch(line)).Order(StringComparer.Ordinal).ToList();

        AssertSame("docs/diagnostics.md", actual, documented);
    }

    [Fact]
    public void EventIds_AreUnique()
    {
        var ids = Types().SelectMany(type => type.Methods).SelectMany(LogEventsOf).Select(row => row.Split('|')[1]).ToList();

        Assert.NotEmpty(ids);
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public void ErrorsMd_ListsEveryCodeOnce()
    {
        var actual = Types().SelectMany(CodesOf).ToHashSet();
        var documented = Docs("errors.md").Select(line => ErrorRow().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(actual);
        Assert.Equal(documented.Distinct(), documented);
        AssertSame("docs/errors.md", actual, documented);
    }

    private static void AssertSame(string file, IReadOnlyCollection<string> actual, IReadOnlyCollection<string> documented)
    {
        var missing = actual.Except(documented).Order(StringComparer.Ordinal).ToList();
        var superfluous = documented.Except(actual).Order(StringComparer.Ordinal).ToList();

        Assert.True(missing.Count == 0, $"Add to {file}:\n{string.Join('\n', missing)}");
        Assert.True(superfluous.Count == 0, $"Remove from {file}:\n{string.Join('\n', superfluous)}");
    }

    private static IEnumerable<TypeDefinition> Types()
    {
        foreach (var project in Directory.GetDirectories(Path.Combine(Repository.Root, "src")))
        {
            using var assembly = AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, Path.GetFileName(project) + ".dll"));
            foreach (var type in assembly.MainModule.GetTypes())
            {
                yield return type;
            }
        }
    }

    private static IEnumerable<string> LogEventsOf(MethodDefinition method) => method.CustomAttributes
        .Where(attribute => attribute.AttributeType.Name == "LoggerMessageAttribute")
        .Select(attribute => attribute.Properties.ToDictionary(property => property.Name, property => property.Argument.Value))
        .Select(properties => $"| {properties["EventId"]} | {Levels[(int)properties["Level"]]} | {properties["Message"]} |");

    private static IEnumerable<string> CodesOf(TypeDefinition type) => type.Methods
        .Where(method => method.HasBody)
        .SelectMany(method => method.Body.Instructions)
        .Select(instruction => instruction.Operand)
        .Concat(type.Fields.Select(field => field.Constant))
        .OfType<string>()
        .SelectMany(text => Code().Matches(text).Select(match => match.Value));

    private static IEnumerable<string> Docs(string file) => File.ReadLines(Path.Combine(Repository.Root, "docs", file));

    [GeneratedRegex(@"^\| \d{4} \|")]
    private static partial Regex EventRow();

    [GeneratedRegex(@"^\| (P2P\d{4}) \|")]
    private static partial Regex ErrorRow();

    [GeneratedRegex(@"P2P\d{4}")]
    private static partial Regex Code();
}
