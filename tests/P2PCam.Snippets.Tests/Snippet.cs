using P2PCam.TestKit;

namespace P2PCam.Snippets.Tests;

/// <summary>One fenced block of a Markdown page.</summary>
internal sealed record Snippet(string Page, int Line, string Language, string Code)
{
    private const string Fence = "```";

    /// <summary>The pages that users read: those at the root, in docs, beside the samples and in the packages.</summary>
    public static IReadOnlyList<string> Pages { get; } =
    [
        .. Directory.GetFiles(Repository.Root, "*.md")
            .Concat(Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.GetFiles(Path.Combine(Repository.Root, "samples"), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.md", SearchOption.AllDirectories))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal))
            .Select(path => Path.GetRelativePath(Repository.Root, path))
            .Order(StringComparer.Ordinal),
    ];

    public bool IsCSharp => Language is "csharp";

    public static IEnumerable<Snippet> ReadAll() => Pages.SelectMany(page => Read(page, File.ReadAllLines(Path.Combine(Repository.Root, page))));

    public static IEnumerable<Snippet> Read(string page, string[] lines)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].TrimStart().StartsWith(Fence, StringComparison.Ordinal))
            {
                continue;
            }

            var opening = i;
            var closing = Array.FindIndex(lines, i + 1, line => line.Trim() == Fence);
            if (closing < 0)
            {
                throw new InvalidDataException($"{page}:{opening + 1}: this block is never closed.");
            }

            yield return new Snippet(page, opening + 1, lines[opening].Trim()[Fence.Length..], string.Join('\n', lines[(opening + 1)..closing]));
            i = closing;
        }
    }

    public override string ToString() => $"{Page}:{Line}";
}
