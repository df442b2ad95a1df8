using System.Globalization;
using System.Text.Json;
using P2PCam.TestKit;
using Xunit.Abstractions;

namespace P2PCam.Browser.Tests;

/// <summary>What was measured, for the documentation: into the test's output and as a row of artifacts/browser-figures.md.</summary>
internal sealed class Figures(ITestOutputHelper output)
{
    private static readonly Lazy<string> Table = new(() =>
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts")).FullName, "browser-figures.md");
        File.WriteAllText(path, $"| {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, {(Measure.Enabled ? "long" : "short")} versions | |\n|---|---|\n");
        return path;
    });

    public void Add(string what, string value)
    {
        output.WriteLine($"{what}: {value}");
        File.AppendAllText(Table.Value, $"| {what} | {value} |\n");
    }

    /// <summary>The page's statistics in one line.</summary>
    public static string Describe(JsonElement stats)
    {
        double Number(string name) => stats.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : 0;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Number("width")}x{Number("height")}, {Number("framesPerSecond"):F1} fps, {Number("bitrate") / 1e6:F2} Mbit/s, {Number("framesDecoded")} frames decoded, freezeCount {Number("freezeCount")}, "
            + $"totalFreezesDuration {Number("totalFreezesDuration"):F2} s, lost {Number("packetsLost")}, NACKs {Number("nackCount")}, PLIs {Number("pliCount")}, jitter buffer {Number("jitterBufferDelayMs"):F0} ms, rtt {Number("roundTripTime") * 1000:F1} ms");
    }
}
