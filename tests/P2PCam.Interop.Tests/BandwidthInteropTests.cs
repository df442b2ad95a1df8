using System.Diagnostics;
using P2PCam.Interop.Tests.Support;
using P2PCam.TestKit;
using Xunit.Abstractions;

namespace P2PCam.Interop.Tests;

/// <summary>Senders of others believe what our receivers tell them about the path.</summary>
public class BandwidthInteropTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [ToolFact("chromium")]
    public async Task Chromium_ClimbsPastOneMegabit()
    {
        await using var sender = await ChromiumSender.LaunchAsync();
        await using var viewer = Viewer.Create(
            new PeerSignaling(async (offer, tell) => tell(new AnswerMessage(await sender.AnswerAsync(offer, 1280, 720, "active")))), new ViewerOptions { IncludeLoopback = true });
        await viewer.ConnectAsync().WaitAsync(PictureJudge.Limit);
        var clock = Stopwatch.StartNew();

        // More than the first estimate that it is told: it has climbed.
        double available;
        while ((available = await sender.GetAvailableBitrateAsync()) < 1_500_000 && clock.Elapsed < Limit)
        {
            await Task.Delay(200);
        }

        output.WriteLine($"availableOutgoingBitrate {available:N0} after {clock.Elapsed.TotalSeconds:F1} s; received {viewer.GetStatistics()}");
        Assert.InRange(available, 1_500_000, double.MaxValue);
    }
}
