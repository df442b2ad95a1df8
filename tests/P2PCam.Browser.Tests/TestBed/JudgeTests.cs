using P2PCam.Browser.Tests.Browsers;
using P2PCam.TestKit.Networks;

namespace P2PCam.Browser.Tests.TestBed;

/// <summary>Whether the judges tell a right, moving picture from a wrong or standing one, in a page whose truth is known.</summary>
[Collection("browsers")]
public sealed class JudgeTests
{
    [NetworkFact("chromium")]
    public async Task Chromium_LoopbackPage_IsJudgedByWhatItShows()
    {
        await using var network = TwoHostNetwork.Create();
        await using var server = LoopbackPage.Serve(network);
        await using var browser = await ChromiumBrowser.LaunchAsync(network.Viewer);
        await using var page = await browser.NewPageAsync();
        await JudgeAsync(page, server.Address);
    }

    [NetworkFact("firefox-esr")]
    public async Task Firefox_LoopbackPage_IsJudgedByWhatItShows()
    {
        await using var network = TwoHostNetwork.Create();
        await using var server = LoopbackPage.Serve(network);
        await using var page = await FirefoxBrowser.LaunchAsync(network.Viewer);
        await JudgeAsync(page, server.Address);
    }

    private static async Task JudgeAsync(IViewerPage page, Uri address)
    {
        await page.OpenAsync(address);
        await page.WaitForStateAsync("live");
        await page.WaitForMovementAsync(frames: 40);

        var sample = Assert.IsType<PictureSample>(await page.SampleAsync());
        // A browser may send smaller pictures until it knows its bandwidth; the shape stays.
        Assert.Equal(sample.Width * 9, sample.Height * 16);
        var drawn = (await page.EvaluateAsync("bed.number")).GetInt32();
        Assert.InRange(sample.FrameNumber ?? 0, drawn - 60, drawn);
        var (green, blue) = (sample.At(8, 6), sample.At(24, 6));
        Assert.True(green.G > 150 && green.R < 60 && green.B < 60, $"green came as {green}");
        Assert.True(blue.B > 150 && blue.R < 60 && blue.G < 60, $"blue came as {blue}");

        // A checksum that is wrong must not pass as a number.
        await page.EvaluateAsync("bed.broken = true");
        await WaitForNumberAsync(page, number => number is null);
        await page.EvaluateAsync("bed.broken = false");
        await WaitForNumberAsync(page, number => number is not null);

        // A picture that stands still must not pass as moving: the last number drawn stays.
        await page.EvaluateAsync("bed.run = false");
        var last = (await page.EvaluateAsync("bed.number")).GetInt32();
        await WaitForNumberAsync(page, number => number == last);
        var standing = (await page.SampleAsync())!;
        Assert.Equal(last, standing.FrameNumber);
        Assert.True(standing.DifferenceTo((await page.SampleAsync())!) < 1);
    }

    private static async Task WaitForNumberAsync(IViewerPage page, Func<int?, bool> condition)
    {
        for (var attempt = 0; ; attempt++)
        {
            var number = (await page.SampleAsync())?.FrameNumber;
            if (condition(number))
            {
                return;
            }

            Assert.True(attempt < 600, $"The judge goes on reading {number}.");
            await page.EvaluateAsync("new Promise(done => setTimeout(() => done(null), 50))");
        }
    }
}
