using P2PCam.TestKit;

namespace P2PCam.Snippets.Tests;

/// <summary>Every link between pages leads to a file, and where it names a heading, to that heading.</summary>
public class LinkTests
{
    public static TheoryData<string> Pages => [.. Snippet.Pages];

    [Theory]
    [MemberData(nameof(Pages))]
    public void LinksOfThePage_LeadSomewhere(string page) => Assert.Empty(DeadLinks(MarkdownPage.Read(page)));

    [Theory]
    [InlineData("no-such-page.md")]
    [InlineData("docs/sources.md#no-such-heading")]
    [InlineData("#no-such-heading")]
    [InlineData("docs/no-such-folder/")]
    [InlineData("docs/images/no-such-picture.png")]
    public void DeadLink_IsNoticed(string link) =>
        Assert.Equal([link], DeadLinks(
            new MarkdownPage("README.md", $"# Here\n\n[text]({link}) and [good](docs/sources.md#as-it-is), [here](#here)")));

    private static IEnumerable<string> DeadLinks(MarkdownPage page)
    {
        foreach (var link in page.Links
            .Where(link => !link.Contains("://", StringComparison.Ordinal) && !link.StartsWith("mailto:", StringComparison.Ordinal)))
        {
            var parts = link.Split('#', 2);
            var target = parts[0].Length == 0 ? page.Page : Path.Combine(Path.GetDirectoryName(page.Page)!, parts[0]);
            var path = Path.GetFullPath(Path.Combine(Repository.Root, target));
            var isThere = File.Exists(path) || Directory.Exists(path);
            if (!isThere || (parts.Length == 2 && !(parts[0].Length == 0 ? page : MarkdownPage.Read(target)).Anchors.Contains(parts[1])))
            {
                yield return link;
            }
        }
    }
}
