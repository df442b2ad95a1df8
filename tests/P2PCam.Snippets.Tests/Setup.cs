using System.Text.RegularExpressions;

namespace P2PCam.Snippets.Tests;

/// <summary>
/// The project that a page tells its reader to make: the last `dotnet new` above a block, and what was added since by `dotnet add package`.
/// </summary>
internal sealed partial record Setup(string Template, string Packages)
{
    /// <summary>For the block at this place; null where the page does not say.</summary>
    public static Setup? Of(Snippet block, IEnumerable<Snippet> page)
    {
        Setup? setup = null;
        foreach (var line in page.Where(other => other.Line < block.Line && other.Language.Length == 0)
            .SelectMany(other => other.Code.Split('\n')))
        {
            if (New().Match(line) is { Success: true } made)
            {
                setup = new Setup(made.Groups[1].Value, "");
            }
            else if (Add().Match(line) is { Success: true } added && setup is not null)
            {
                var packages = setup.Packages.Split(' ', StringSplitOptions.RemoveEmptyEntries).Append(added.Groups[1].Value).Distinct();
                setup = setup with { Packages = string.Join(' ', packages) };
            }
        }

        return setup;
    }

    public override string ToString() => $"{Template} + {Packages}";

    [GeneratedRegex(@"^dotnet new (\S+)$")]
    private static partial Regex New();

    [GeneratedRegex(@"^dotnet add package (\S+)$")]
    private static partial Regex Add();
}
