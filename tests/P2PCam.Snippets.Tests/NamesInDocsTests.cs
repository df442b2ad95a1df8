using System.Text.RegularExpressions;
using P2PCam.TestKit;

namespace P2PCam.Snippets.Tests;

/// <summary>
/// Types, members, test classes and files that pages name in code type exist: in our code, or at least somewhere in it as a framework's.
/// </summary>
public partial class NamesInDocsTests
{
    private static readonly string[] Folders = ["src", "tests", "samples", "benchmarks"];

    // Named to users, and not used here.
    private static readonly string[] OfFrameworks = ["FromKeyedServices"];

    private static readonly HashSet<string> Known = Folders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.*", SearchOption.AllDirectories))
        .Concat(Directory.EnumerateFiles(Repository.Root, "Directory.*.*"))
        .Where(file => Path.GetExtension(file) is ".cs" or ".js" or ".csproj" or ".props" or ".targets" or ".py" or ".txt"
            && !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
            && !file.Contains("/node_modules/", StringComparison.Ordinal)
                && !file.Contains("/P2PCam.Snippets.Tests/", StringComparison.Ordinal))
        .SelectMany(file => Word().Matches(File.ReadAllText(file)).Select(match => match.Value)
            .Append(Path.GetFileNameWithoutExtension(file)))
        .Concat(OfFrameworks)
        .ToHashSet();

    // The pages for users. Protocol pages name what RFCs name; benchmark reports are of their day.
    public static TheoryData<string> Pages =>
        [.. Snippet.Pages.Where(page => !page.StartsWith("docs/benchmarks/", StringComparison.Ordinal)
        && !page.StartsWith("docs/decisions/", StringComparison.Ordinal)
        && !page.StartsWith("docs/protocols/", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void NamesInCodeType_Exist(string page) => Assert.Empty(Unknown(MarkdownPage.Read(page)));

    [Theory]
    [MemberData(nameof(Pages))]
    public void PathsInCodeType_Exist(string page) => Assert.DoesNotContain(MarkdownPage.Read(page).Code, code =>
        RepositoryPath().IsMatch(code) && !File.Exists(Path.Combine(Repository.Root, code))
            && !Directory.Exists(Path.Combine(Repository.Root, code)));

    [Theory]
    [InlineData("`NoSuchOption`")]
    [InlineData("`o.NoSuchOption = true`")]
    [InlineData("`UseNoSuchSource()`")]
    [InlineData("`NoSuchThingTests`")]
    public void NameOfNothing_IsNoticed(string text) => Assert.Single(Unknown(new MarkdownPage("page.md", text)));

    private static IEnumerable<string> Unknown(MarkdownPage page) => page.Code
        .Where(code => !code.Contains('/', StringComparison.Ordinal) && !code.Contains("--", StringComparison.Ordinal))
        .SelectMany(code => Name().Matches(code).Select(match => match.Value))
        .Distinct()
        .Where(name => !Known.Contains(name));

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    // At least two humps: HelloWorld, not Hello, VP8 or RFC.
    [GeneratedRegex(@"\b[A-Z]+[a-z0-9]+(?:[A-Z]+[a-z0-9]+)+\b")]
    private static partial Regex Name();

    [GeneratedRegex(@"^(src|tests|samples|docs|eng|benchmarks)/[\w./-]+$")]
    private static partial Regex RepositoryPath();
}
