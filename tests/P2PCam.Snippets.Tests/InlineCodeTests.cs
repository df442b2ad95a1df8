using System.Text;
using System.Text.RegularExpressions;

namespace P2PCam.Snippets.Tests;

/// <summary>
/// Calls and settings that pages print within a sentence or a table compile where they are meant to stand: on the builder, on its services,
/// on a broadcaster, on the app, in options.
/// </summary>
[Collection(PackedOnce.Name)]
public partial class InlineCodeTests(FreshProjects projects)
{
    // What a sentence may take for granted.
    private const string Given = """
        using P2PCam;
        using P2PCam.AspNetCore;

        internal sealed class Mine : ISignalingAuthorizer
        {
            public ValueTask<SignalingDecision> AuthorizeAsync(SignalingRequest request, CancellationToken cancellationToken) => throw new NotImplementedException();
        }

        internal static class Places
        {
            private static WebApplicationBuilder builder = null!;
            private static WebApplication app = null!;
            private static IServiceCollection services = null!;
            private static IBroadcaster camera = null!;
            private static IViewer viewer = null!;
            private static VideoFrameChannel channel = null!;
            private static IEncodedVideoSource source = null!;
            private static IConfiguration configuration = null!;
            private static string host = "";

        """;

    private static readonly string[] Places =
    [
        "{0};",
        "builder.{0};",
        "builder.Services.{0};",
        "builder.Services.AddP2PBroadcaster().{0};",
        "builder.Services.AddP2PViewer().{0};",
        "app.{0};",
        "app.MapP2PCam(configure: o => {0});",
        "builder.UseP2PCamLanHttps(443, o => {0});",
        "builder.Services.AddP2PBroadcaster(configure: o => {0});",
        "builder.Services.AddP2PBroadcaster().UseBrowserCamera(o => {0});",
        "builder.Services.AddP2PViewer(configure: o => {0});",
        "builder.Services.AddP2PCamTokens(o => {0});",
    ];

    [Fact]
    public async Task CallsAndSettingsInSentences_CompileWhereTheyAreMeantToStand()
    {
        var codes = MarkdownPage.ReadAll()
            .Where(page => !page.Page.StartsWith("docs/benchmarks/", StringComparison.Ordinal)
                && !page.Page.StartsWith("docs/decisions/", StringComparison.Ordinal))
            .SelectMany(page => page.Code.Where(code => Candidate().IsMatch(code) && !IsElided(code))
                .Select(code => (page.Page, Code: code))).ToList();

        Assert.InRange(codes.Count, 20, 1000);
        Assert.Empty((await HomelessAsync([.. codes.Select(found => found.Code)]))
            .Select(index => $"{codes[index].Page}: {codes[index].Code}"));
    }

    [Theory]
    [InlineData("UseNoSuchSource()")]
    [InlineData("AddP2PBroadcaster().UseCamera(42)")]
    [InlineData("app.MapP2PCam(o => o.NoSuchOption = true)")]
    [InlineData("o.NoSuchOption = true")]
    [InlineData("UseRtsp(\"no-uri\")")]
    [InlineData("UseFile(film.mp4)")]
    public async Task CallThatFitsNowhere_IsNoticed(string code)
    {
        Assert.Matches(Candidate(), code);
        Assert.Equal([0], await HomelessAsync([code]));
    }

    // All of them at once: each attempt is a line of its own, and the compiler says which lines are wrong.
    private async Task<IReadOnlyList<int>> HomelessAsync(IReadOnlyList<string> codes)
    {
        var file = new StringBuilder(Given);
        var first = Given.Count(c => c == '\n') + 1;
        for (var i = 0; i < codes.Count * Places.Length; i++)
        {
            file.Append("    private static void Try").Append(i).Append("() { ")
                .Append(Places[i % Places.Length].Replace("{0}", codes[i / Places.Length], StringComparison.Ordinal)).Append(" }\n");
        }

        var wrong = (await projects.CompilerAsync(new Setup("web", "P2PCam.AspNetCore"))).LinesWithErrors(file.Append('}').ToString());
        Assert.DoesNotContain(wrong, line => line < first);
        return [.. Enumerable.Range(0, codes.Count)
            .Where(i => Enumerable.Range(0, Places.Length).All(place => wrong.Contains(first + (i * Places.Length) + place)))];
    }

    [GeneratedRegex(@"^((\w+\.)*(Use|Add|Map)\w+(<[^>]*>)?\(.*\)|(o|options|https|builder|app)\.[\w.]+(\(.*\)| \+?= .+))$")]
    private static partial Regex Candidate();

    // What a page leaves out for the reader to fill in; within a string it is an address that is left out, and compiles.
    private static bool IsElided(string code) =>
        Text().Replace(code, "") is var bare
        && (bare.Contains('…', StringComparison.Ordinal) || bare.Contains("...", StringComparison.Ordinal));

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Text();
}
