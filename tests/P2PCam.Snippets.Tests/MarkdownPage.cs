using System.Text;
using System.Text.RegularExpressions;
using P2PCam.TestKit;

namespace P2PCam.Snippets.Tests;

/// <summary>What a page promises: links, headings to link to, words set as code. Blocks are left out.</summary>
internal sealed partial class MarkdownPage
{
    public MarkdownPage(string page, string text)
    {
        Page = page;
        var prose = Fences().Replace(text, "");
        Code = [.. Inline().Matches(prose).Select(match => match.Groups[1].Value)];
        var plain = Inline().Replace(prose, "");
        Links = [.. Link().Matches(plain).Select(match => match.Groups[1].Value)];
        var seen = new Dictionary<string, int>();
        Anchors = Heading().Matches(prose).Select(match => Slug(match.Groups[1].Value)).Select(slug =>
        {
            var count = seen[slug] = seen.GetValueOrDefault(slug) + 1;
            return count == 1 ? slug : $"{slug}-{count - 1}";
        }).ToHashSet();
    }

    public string Page { get; }

    public IReadOnlyList<string> Links { get; }

    public IReadOnlyList<string> Code { get; }

    public IReadOnlySet<string> Anchors { get; }

    public static IEnumerable<MarkdownPage> ReadAll() => Snippet.Pages.Select(Read);

    public static MarkdownPage Read(string page) => new(page, File.ReadAllText(Path.Combine(Repository.Root, page)));

    // As GitHub, GitLab and Gitea make them: lower case, no punctuation, hyphens for blanks.
    private static string Slug(string heading)
    {
        var slug = new StringBuilder();
        foreach (var c in heading.Trim().ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(c) || c is '-' or '_')
            {
                slug.Append(c);
            }
            else if (c == ' ')
            {
                slug.Append('-');
            }
        }

        return slug.ToString();
    }

    [GeneratedRegex(@"^ *```.*?^ *```\s*?$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();

    [GeneratedRegex(@"`+([^`\n]+)`+")]
    private static partial Regex Inline();

    [GeneratedRegex(@"\]\(([^()\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
