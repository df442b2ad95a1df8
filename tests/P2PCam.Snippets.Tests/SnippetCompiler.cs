using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace P2PCam.Snippets.Tests;

/// <summary>
/// Compiles blocks as files of one fresh project, with nothing but what that project has. One with statements is its Program.cs; one of
/// types only is a file beside it.
/// </summary>
internal sealed class SnippetCompiler
{
    private readonly CSharpParseOptions _language;
    private readonly CSharpCompilationOptions _options;
    private readonly IReadOnlyList<MetadataReference> _references;
    private readonly IReadOnlyList<SyntaxTree> _files;

    public SnippetCompiler(CSharpCommandLineArguments project)
    {
        (_language, _options) = (project.ParseOptions,
            project.CompilationOptions.WithSourceReferenceResolver(null).WithStrongNameProvider(null));
        _references = [.. project.MetadataReferences.Select(reference => MetadataReference.CreateFromFile(reference.Reference))];
        _files = [.. project.SourceFiles
            .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file.Path), _language, Path.GetFileName(file.Path)))];
    }

    /// <summary>Whether the code has statements outside of any type.</summary>
    public static bool IsProgram(string code) =>
        CSharpSyntaxTree.ParseText(code).GetRoot().DescendantNodes().OfType<GlobalStatementSyntax>().Any();

    /// <summary>Errors and warnings: both would trouble whoever copies the block.</summary>
    /// <param name="beside">Files of types that the project has already.</param>
    public IReadOnlyList<string> Complaints(string name, string code, params IEnumerable<string> beside) =>
    [
        .. Diagnose(name, code, beside)
            .Select(d => $"{d.Location.GetLineSpan().Path}, line {LineOf(d)} of the block: {d.Id} {d.GetMessage(CultureInfo.InvariantCulture)}"),
    ];

    /// <summary>The numbers of the lines that do not compile.</summary>
    public IReadOnlySet<int> LinesWithErrors(string code) =>
        Diagnose("lines", code, []).Where(d => d.Severity == DiagnosticSeverity.Error).Select(LineOf).ToHashSet();

    private static int LineOf(Diagnostic diagnostic) => diagnostic.Location.GetLineSpan().StartLinePosition.Line + 1;

    private IEnumerable<Diagnostic> Diagnose(string name, string code, IEnumerable<string> beside)
    {
        var block = CSharpSyntaxTree.ParseText(code, _language, name);
        var others = IsProgram(code) ? _files.Where(file => file.FilePath != "Program.cs") : _files;
        var compilation = CSharpCompilation.Create("Fresh",
            [block, .. others, .. beside.Select(file => CSharpSyntaxTree.ParseText(file, _language))], _references, _options);
        return compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning && !d.IsSuppressed);
    }
}
