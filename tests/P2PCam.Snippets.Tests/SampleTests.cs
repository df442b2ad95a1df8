using System.Text.RegularExpressions;
using P2PCam.TestKit;
using P2PCam.TestKit.Processes;

namespace P2PCam.Snippets.Tests;

public partial class SampleTests
{
    [Fact]
    public async Task InMemory_ShowsAPictureFromBothEndsAndEndsByItself()
    {
        await using var sample = ChildProcess.Start("dotnet", [Output("InMemory", "InMemory.dll")]);

        Assert.True(await sample.WaitForExitAsync(TimeSpan.FromMinutes(2)) == 0, sample.Output.Tail());

        Assert.Contains(sample.Output.All, line => line.StartsWith("camera: ", StringComparison.Ordinal));
        Assert.Contains(sample.Output.All, line => line.Contains("640x360", StringComparison.Ordinal));
        Assert.InRange(int.Parse(Seen().Match(sample.Output.All[^1]).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), 10, 200);
    }

    private static string Output(string sample, string file)
    {
        var configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
        return Path.Combine(Repository.Root, "samples", sample, "bin", configuration, "net10.0", file);
    }

    [GeneratedRegex(@"^Seen: (\d+) pictures\.$")]
    private static partial Regex Seen();
}
