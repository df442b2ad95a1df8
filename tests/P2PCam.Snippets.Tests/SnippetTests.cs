using System.Text.Json;
using P2PCam.TestKit;
using P2PCam.TestKit.Packages;

namespace P2PCam.Snippets.Tests;

/// <summary>
/// Every C# block that users read compiles as printed, as a file of the project that its page tells them to make, against the packed
/// packages.
/// A block that is not meant to is marked as text.
/// </summary>
[Collection(PackedOnce.Name)]
public class SnippetTests(FreshProjects projects)
{
    private static readonly string[] OtherLanguages = ["", "text", "json", "bash", "sh", "powershell", "http", "html", "js", "xml", "yaml",
        "sdp", "nginx", "caddyfile"];

    private static readonly IReadOnlyList<Snippet> All = [.. Snippet.ReadAll()];

    public static TheoryData<string> Blocks => [.. All.Where(snippet => snippet.IsCSharp).Select(snippet => snippet.ToString())];

    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task Block_CompilesAsPrinted_InAFreshProject(string place)
    {
        var block = All.Single(candidate => candidate.ToString() == place);
        var page = All.Where(other => other.Page == block.Page).ToList();
        var setup = Setup.Of(block, page);
        Assert.True(setup is not null,
            $"{place}: no block above says how its project is made (`dotnet new web`, `dotnet add package P2PCam.AspNetCore`).");

        // What its reader has in other files by then.
        var beside = page.Where(other => other.IsCSharp && other.Line < block.Line && !SnippetCompiler.IsProgram(other.Code))
            .Select(other => other.Code);
        var complaints = (await projects.CompilerAsync(setup)).Complaints(place, block.Code, beside);

        Assert.True(complaints.Count == 0, $"In a project made by {setup}:\n{string.Join('\n', complaints)}");
    }

    [Fact]
    public void EveryBlock_IsOfAKnownLanguage() =>
        Assert.Empty(All.Where(snippet => !snippet.IsCSharp && !OtherLanguages.Contains(snippet.Language))
            .Select(snippet => $"{snippet}: '{snippet.Language}'"));

    public static TheoryData<string> JsonBlocks =>
        [.. All.Where(snippet => snippet.Language == "json").Select(snippet => snippet.ToString())];

    [Theory]
    [MemberData(nameof(JsonBlocks))]
    public void JsonBlock_IsJson(string place)
    {
        // As the configuration reads appsettings.json.
        using var json = JsonDocument.Parse(All.Single(candidate => candidate.ToString() == place).Code,
            new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });

        Assert.NotEqual(JsonValueKind.Undefined, json.RootElement.ValueKind);
    }

    [Fact]
    public void ReadmesTable_NamesEveryPackage() =>
        Assert.Empty(LocalFeed.Names.Except(File.ReadLines(Path.Combine(Repository.Root, "README.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1])));

    [Fact]
    public void NoBlockIsPassedOver()
    {
        var marked = Snippet.Pages.Sum(page => File.ReadLines(Path.Combine(Repository.Root, page))
            .Count(line => line.TrimStart().StartsWith("```c", StringComparison.OrdinalIgnoreCase)
            && !line.Contains("caddyfile", StringComparison.Ordinal)));

        Assert.NotEqual(0, marked);
        Assert.Equal(marked, All.Count(snippet => snippet.IsCSharp));
        Assert.Contains("README.md", Snippet.Pages);
        Assert.Contains("src/P2PCam/README.md", Snippet.Pages);
    }

    [Fact]
    public void BlockWithoutLanguage_IsNoCSharp() =>
        Assert.Empty(All.Where(snippet => snippet.Language.Length == 0
            && snippet.Code.Split('\n').Any(line => line.TrimEnd().EndsWith(';'))).Select(snippet => snippet.ToString()));

    [Theory]
    [InlineData("var viewer = Viewer.Create(null!);")]
    [InlineData("var builder = Host.CreateApplicationBuilder(args);")]
    [InlineData("builder.Services.ToString();")]
    [InlineData("using P2PCam; app.MapP2PCam();")]
    [InlineData("string text = null; Console.WriteLine(text);")]
    [InlineData("await Task.Delay(1)")]
    [InlineData("using P2PCam.SignalR;")]
    public async Task BlockThatNeedsWhatItDoesNotSay_IsNoticed(string code) =>
        Assert.NotEmpty((await projects.CompilerAsync(new Setup("console", "P2PCam"))).Complaints("wrong", code));

    [Fact]
    public async Task TypesAlone_AreAFileBesideTheProgram() =>
        Assert.Empty((await projects.CompilerAsync(new Setup("console", "P2PCam"))).Complaints("types",
            "class A { public B? C { get; set; } }", "class B;"));

    [Fact]
    public void BlockThatIsNeverClosed_IsNoticed() =>
        Assert.Throws<InvalidDataException>(() => Snippet.Read("page.md", ["```csharp", "var x = 1;"]).ToList());

    [Fact]
    public void Setup_IsTheLastOneAbove_AndGrowsByWhatIsAdded()
    {
        var page = Snippet.Read("page.md",
            ["```", "dotnet new web", "dotnet add package A", "```", "```csharp", "1", "```", "```", "dotnet add package B", "```",
            "```csharp", "2", "```", "```", "dotnet new console", "```", "```csharp", "3", "```"]).ToList();

        Assert.Equal(["web + A", "web + A B", "console + "], page.Where(block => block.IsCSharp)
            .Select(block => Setup.Of(block, page)!.ToString()));
        Assert.Null(Setup.Of(page[0], page));
    }
}
