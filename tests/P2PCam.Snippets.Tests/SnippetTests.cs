using P2PCam.TestKit;

namespace P2PCam.Snippets.Tests;

/// <summary>Every C# block in README and docs compiles. A block that is not meant to is marked as text.</summary>
public class SnippetTests
{
    private static readonly string[] OtherLanguages = ["", "text", "json", "bash", "sh", "powershell", "http", "html", "js", "xml", "yaml", "sdp", "nginx"];

    public static TheoryData<string> Blocks => [.. Snippet.ReadAll().Where(snippet => snippet.IsCSharp).Select(snippet => snippet.ToString())];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Block_Compiles(string place)
    {
        var snippet = Snippet.ReadAll().Single(candidate => candidate.ToString() == place);

        var complaints = SnippetCompiler.Complaints(SnippetCompiler.Compile(place, snippet.Code, withPlaceholders: true));

        Assert.True(complaints.Count == 0, string.Join('\n', complaints));
    }

    [Fact]
    public void EveryBlock_IsOfAKnownLanguage() =>
        Assert.Empty(Snippet.ReadAll().Where(snippet => !snippet.IsCSharp && !OtherLanguages.Contains(snippet.Language)).Select(snippet => $"{snippet}: '{snippet.Language}'"));

    [Fact]
    public void NoBlockIsPassedOver()
    {
        var marked = Snippet.Pages.Sum(page => File.ReadLines(Path.Combine(Repository.Root, page)).Count(line => line.TrimStart().StartsWith("```c", StringComparison.OrdinalIgnoreCase)));

        Assert.NotEqual(0, marked);
        Assert.Equal(marked, Snippet.ReadAll().Count(snippet => snippet.IsCSharp));
        Assert.Contains("README.md", Snippet.Pages);
    }

    [Fact]
    public void BlockWithoutLanguage_IsNoCSharp() =>
        Assert.Empty(Snippet.ReadAll().Where(snippet => snippet.Language.Length == 0 && snippet.Code.Split('\n').Any(line => line.TrimEnd().EndsWith(';'))).Select(snippet => snippet.ToString()));

    [Theory]
    [InlineData("camera.NoSuchMember();")]
    [InlineData("var x = unknownName;")]
    [InlineData("string text = null;")]
    [InlineData("await camera.StartAsync()")]
    public void BlockThatDoesNotCompile_IsNoticed(string code) => Assert.NotEmpty(SnippetCompiler.Complaints(SnippetCompiler.Compile("wrong", code, withPlaceholders: true)));

    [Fact]
    public void TypesAlone_AreALibrary() => Assert.Empty(SnippetCompiler.Complaints(SnippetCompiler.Compile("types", "class A { public int B { get; set; } }", withPlaceholders: true)));

    [Fact]
    public void BlockThatIsNeverClosed_IsNoticed() => Assert.Throws<InvalidDataException>(() => Snippet.Read("page.md", ["```csharp", "var x = 1;"]).ToList());
}
