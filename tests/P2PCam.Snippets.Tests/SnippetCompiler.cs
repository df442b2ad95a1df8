using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace P2PCam.Snippets.Tests;

/// <summary>Compiles a block as the program file that it would be in a user's project.</summary>
internal static class SnippetCompiler
{
    private static readonly CSharpParseOptions Language = new(LanguageVersion.CSharp14);

    private static readonly IReadOnlyList<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static CSharpCompilation Compile(string name, string code, bool withPlaceholders)
    {
        var program = CSharpSyntaxTree.ParseText(code, Language, name);
        var trees = new List<SyntaxTree> { program, CSharpSyntaxTree.ParseText(Placeholders.Usings, Language) };
        if (withPlaceholders)
        {
            trees.Add(CSharpSyntaxTree.ParseText("global using static Placeholders;\n" + Placeholders.Source, Language));
        }

        var runs = program.GetRoot().DescendantNodes().OfType<GlobalStatementSyntax>().Any();
        return CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(name),
            trees,
            References,
            new CSharpCompilationOptions(runs ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }

    /// <summary>Errors, and warnings that nullable reference types give: both would trouble whoever copies the block.</summary>
    public static IReadOnlyList<string> Complaints(CSharpCompilation compilation) =>
    [
        .. compilation.GetDiagnostics()
            .Where(d => d.Severity == DiagnosticSeverity.Error || (d.Severity == DiagnosticSeverity.Warning && d.Id.StartsWith("CS86", StringComparison.Ordinal)))
            .Select(d => $"{d.Location.GetLineSpan().Path}, line {d.Location.GetLineSpan().StartLinePosition.Line + 1} of the block: {d.Id} {d.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}"),
    ];
}
