using System.Globalization;
using System.Text.RegularExpressions;
using P2PCam.TestKit;
using P2PCam.TestKit.Packages;

namespace P2PCam.Packaging.Tests;

/// <summary>
/// The conformance suite as a user has it: from the feed, in a project of `dotnet new xunit`, over the transport that docs/own-transport.md
/// prints.
/// </summary>
[Collection(PackedOnce.Name)]
[Trait("Category", "Packaging")]
public partial class ConformanceSuiteTests(LocalFeed feed)
{
    [Fact]
    public async Task TransportOfTheDocs_PassesEveryCase_AndOneThatAltersTextDoesNot()
    {
        using var project = await UserProject.CreateAsync(feed, "xunit", "Suite");
        await project.AddPackageAsync("P2PCam.SignalingConformance");
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "own-transport.md"));
        var transport = Block(page, "class TcpSignalingTransport");
        var tests = Block(page, "class TcpTransportTests");
        await project.WriteAsync("TcpSignalingTransport.cs", transport);
        await project.WriteAsync("TcpTransportTests.cs", tests);
        // A fault that users could have: it sends text other than it was.
        await project.WriteAsync("AlteringTransportTests.cs", tests
            .Replace("class TcpTransportTests", "class AlteringTransportTests", StringComparison.Ordinal)
            .Replace("new TcpSignalingTransport(cutter.Address)", "new AlteringTransport(new TcpSignalingTransport(cutter.Address))",
                StringComparison.Ordinal) + AlteringTransport);
        await DotNet.RunAsync(project.Folder, "build", "-warnaserror");

        var (code, output) = await DotNet.TryRunAsync(project.Folder, "test", "--no-build", "--filter",
            "FullyQualifiedName~TcpTransportTests");
        var summary = Summary().Match(output);
        Assert.True(code == 0 && summary.Success, output);
        Assert.Equal(("0", "0"), (summary.Groups["failed"].Value, summary.Groups["skipped"].Value));
        Assert.InRange(int.Parse(summary.Groups["passed"].Value, CultureInfo.InvariantCulture), 50, 500);

        var (altered, words) = await DotNet.TryRunAsync(project.Folder, "test", "--no-build", "--filter",
            "FullyQualifiedName~AlteringTransportTests.Text_OfAnyKind");
        Assert.True(altered != 0, words);
        Assert.Contains("Text_OfAnyKind_ArrivesAsItWas", words);
    }

    private const string AlteringTransport = """

        internal sealed class AlteringTransport(ISignalingTransport inner) : ISignalingTransport
        {
            public string Name => inner.Name;

            public Task ConnectAsync(SignalingJoin join, CancellationToken cancellationToken = default) => inner.ConnectAsync(join, cancellationToken);

            public ValueTask SendAsync(SignalingMessage message, CancellationToken cancellationToken = default) =>
            inner.SendAsync(message is OfferMessage offer ? offer with { Sdp = offer.Sdp.Replace('&', '+') } : message, cancellationToken);

            public IAsyncEnumerable<SignalingMessage> ReadAllAsync(CancellationToken cancellationToken = default) => inner.ReadAllAsync(cancellationToken);

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
        """;

    private static string Block(string page, string holding) =>
        page.Split("```csharp\n").Skip(1).Select(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)])
            .Single(block => block.Contains(holding, StringComparison.Ordinal));

    [GeneratedRegex(@"Failed:\s+(?<failed>\d+), Passed:\s+(?<passed>\d+), Skipped:\s+(?<skipped>\d+)")]
    private static partial Regex Summary();
}
