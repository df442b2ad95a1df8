using System.Text.RegularExpressions;
using P2PCam.TestKit;
using P2PCam.TestKit.Packages;

namespace P2PCam.Snippets.Tests;

/// <summary>Commands that pages print name samples, options, packages, files and tests that exist.</summary>
public partial class CommandTests
{
    private static readonly string[] Samples = [.. Directory.GetDirectories(Path.Combine(Repository.Root, "samples"))
        .Select(folder => Path.GetFileName(folder)!)];

    // Every `--option` of the samples is a literal of their command lines.
    private static readonly Dictionary<string, HashSet<string>> Options = Samples.ToDictionary(
        sample => sample,
        sample => new[] { sample, "Shared" }
            .SelectMany(folder => Directory.GetFiles(Path.Combine(Repository.Root, "samples", folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(file => Option().Matches(File.ReadAllText(file)).Select(match => match.Value))
            .ToHashSet(),
        StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyList<object[]> Commands { get; } = [.. CommandsOf(Snippet.Pages).Distinct()
        .Select(found => new object[] { found.Page, found.Command })];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Command_NamesWhatIsThere(string page, string command) =>
        Assert.True(Complaint(command) is null, $"{page}: {command}\n{Complaint(command)}");

    [Theory]
    [InlineData("dotnet run --project samples/NoSuchSample")]
    [InlineData("dotnet run --project samples/LanCamera -- --no-such-option")]
    [InlineData("dotnet run --project samples/InMemory -- --https")]
    [InlineData("dotnet add package P2PCam.NoSuchPackage")]
    [InlineData("dotnet pack NoSuch.sln -c Release")]
    [InlineData("dotnet test tests/NoSuch.Tests")]
    [InlineData("./no-such-script.sh")]
    [InlineData("./test.sh --no-such-mode")]
    [InlineData("rendezvous --no-such-option")]
    public void CommandThatNamesWhatIsNotThere_IsNoticed(string command) => Assert.NotNull(Complaint(command));

    [Fact]
    public void CommandsAreFound() => Assert.InRange(Commands.Count, 30, 1000);

    private static IEnumerable<(string Page, string Command)> CommandsOf(IEnumerable<string> pages)
    {
        foreach (var page in pages)
        {
            var blocks = Snippet.ReadAll().Where(block => block.Page == page && block.Language is "" or "bash" or "sh")
                .SelectMany(block => block.Code.Split('\n')).Select(line => line.Split(" # ")[0]);
            foreach (var command in blocks.Concat(MarkdownPage.Read(page).Code).Select(line => line.Trim())
                .Where(line => Known().IsMatch(line)))
            {
                yield return (page, command);
            }
        }
    }

    private static string? Complaint(string command)
    {
        var words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (Project().Match(command) is { Success: true } project)
        {
            var options = command.Contains(" -- ", StringComparison.Ordinal) ? command[command.IndexOf(" -- ", StringComparison.Ordinal)..]
                : "";
            return !File.Exists(Path.Combine(Repository.Root, project.Groups[1].Value, Path.GetFileName(project.Groups[1].Value)
                + ".csproj"))
                ? $"There is no project {project.Groups[1].Value}."
                : Unknown(Path.GetFileName(project.Groups[1].Value), options);
        }

        if (words is ["dotnet", "add", "package", var package, ..])
        {
            var central = File.ReadAllText(Path.Combine(Repository.Root, "Directory.Packages.props"));
            return LocalFeed.Names.Contains(package) || central.Contains($"Include=\"{package}\"", StringComparison.Ordinal) ? null
                : $"Package {package} is neither ours nor in Directory.Packages.props.";
        }

        if (words is ["dotnet", "pack" or "build" or "test" or "restore", var target, ..] && !target.StartsWith('-'))
        {
            var path = Path.Combine(Repository.Root, target);
            return File.Exists(path) || Directory.Exists(path) ? null : $"There is no {target}.";
        }

        if (words[0].StartsWith("./", StringComparison.Ordinal) || words[0].StartsWith("eng/", StringComparison.Ordinal))
        {
            var path = Path.Combine(Repository.Root, words[0]);
            return !File.Exists(path) ? $"There is no {words[0]}."
                : words.Skip(1).FirstOrDefault(word => word.StartsWith("--", StringComparison.Ordinal)
                    && !File.ReadAllText(path).Contains(word, StringComparison.Ordinal)) is { } unknown ? $"{words[0]} has no {unknown}."
                : null;
        }

        return Options.ContainsKey(words[0]) ? Unknown(words[0], command) : null;
    }

    private static string? Unknown(string sample, string options) =>
        !Options.TryGetValue(sample, out var known) ? null
        : Option().Matches(options).Select(match => match.Value).FirstOrDefault(option => !known.Contains(option)) is { } unknown
            ? $"{sample} has no option {unknown}."
        : null;

    [GeneratedRegex(@"^(dotnet (run|add|pack|build|test|restore)\b|\./\S+\.sh|eng/\S+\.sh|(rendezvous|LanCamera|ConsoleViewer|ConsoleBroadcaster|BrowserCall|VideoTool) )")]
    private static partial Regex Known();

    [GeneratedRegex(@"--project (\S+)")]
    private static partial Regex Project();

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z0-9-]*\b")]
    private static partial Regex Option();
}
