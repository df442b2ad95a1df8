using System.Diagnostics;
using System.Text.Json;

namespace P2PCam.Browser.Tests.Browsers;

/// <summary>The product's page, open in some browser.</summary>
internal interface IViewerPage : IAsyncDisposable
{
    /// <summary>Evaluates an expression in the page (promises are awaited) and returns its value as JSON.</summary>
    Task<JsonElement> EvaluateAsync(string expression);

    /// <summary>Opens an address, waiting for the page itself and not for the video.</summary>
    Task OpenAsync(Uri address);
}

internal static class ViewerPageExtensions
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    // Draws the video small, reads the mean luma in the middle of each of the 34 cells of the code strip, and a coarse picture of area means.
    private const string Sample = """
        (() => {
          const video = document.querySelector('video');
          if (!video || !video.videoWidth) return null;
          const w = 680, h = Math.round(680 * video.videoHeight / video.videoWidth);
          const canvas = document.createElement('canvas'); canvas.width = w; canvas.height = h;
          const context = canvas.getContext('2d', { willReadFrequently: true });
          context.drawImage(video, 0, 0, w, h);
          const data = context.getImageData(0, 0, w, h).data;
          const mean = (left, top, right, bottom) => {
            const sum = [0, 0, 0]; let count = 0;
            for (let y = top; y < bottom; y++) for (let x = left; x < right; x++, count++) for (let c = 0; c < 3; c++) sum[c] += data[4 * (y * w + x) + c];
            return sum.map(value => Math.round(value / count));
          };
          const strip = Math.floor(h - Math.max(16 * h / video.videoHeight, h / 12) / 2);
          if (strip < 2) return null; // Chromium's placeholder of 2 by 2 before the first picture of a new connection
          const cells = []; for (let i = 0; i < 34; i++) {
            const x = Math.floor((i + 0.5) * w / 34), [r, g, b] = mean(x - 2, strip - 2, x + 3, strip + 3);
            cells.push(Math.round(0.299 * r + 0.587 * g + 0.114 * b));
          }
          const pixels = []; for (let y = 0; y < 18; y++) for (let x = 0; x < 32; x++) {
            pixels.push(...mean(Math.floor(x * w / 32), Math.floor(y * h / 18), Math.floor((x + 1) * w / 32), Math.floor((y + 1) * h / 18)));
          }
          return { cells, pixels, width: video.videoWidth, height: video.videoHeight };
        })()
        """;

    public static async Task<string> GetStateAsync(this IViewerPage page) => (await page.EvaluateAsync("document.documentElement.dataset.state ?? ''")).GetString() ?? "";

    public static async Task<JsonElement> GetStatsAsync(this IViewerPage page) => await page.EvaluateAsync("window.p2pcam.getStats()");

    /// <summary>What the page shows now; null while it shows nothing.</summary>
    public static async Task<PictureSample?> SampleAsync(this IViewerPage page)
    {
        var sample = await page.EvaluateAsync(Sample);
        return sample.ValueKind == JsonValueKind.Null ? null : PictureSample.From(sample);
    }

    /// <summary>Waits until the page is in a state; the limit is generous because machines are slow, not because it may take that long.</summary>
    public static Task WaitForStateAsync(this IViewerPage page, params string[] states) =>
        page.WaitAsync(async () => Array.IndexOf(states, await page.GetStateAsync()) >= 0, $"the state {string.Join(" or ", states)}", async () => await page.GetStateAsync());

    /// <summary>Waits until the frame number in the picture has grown by this much.</summary>
    public static async Task WaitForMovementAsync(this IViewerPage page, int frames = 30)
    {
        int? first = null;
        int? last = null;
        await page.WaitAsync(
            async () =>
            {
                last = (await page.SampleAsync())?.FrameNumber ?? last;
                first = first is null || last < first ? last : first;
                return last - first >= frames;
            },
            $"{frames} frames of movement",
            () => Task.FromResult($"frame {first} to {last}"),
            frames);
    }

    /// <summary>Waits until the page has decoded this many more frames.</summary>
    public static async Task WaitForDecodedAsync(this IViewerPage page, int frames)
    {
        long? start = null;
        var now = 0L;
        await page.WaitAsync(
            async () =>
            {
                now = (await page.GetStatsAsync()).GetProperty("framesDecoded").GetInt64();
                start = start is null || now < start ? now : start; // another connection counts anew
                return now - start >= frames;
            },
            $"{frames} decoded frames",
            () => Task.FromResult($"{now - start}"),
            frames);
    }

    /// <summary>Waits for any condition; <paramref name="actual"/> tells what was there instead.</summary>
    public static async Task WaitAsync(this IViewerPage page, Func<Task<bool>> condition, string what, Func<Task<string>> actual, int frames = 0)
    {
        _ = page;
        var limit = Limit + TimeSpan.FromSeconds(frames * 0.2);
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > limit)
            {
                Assert.Fail($"Waited {limit} for {what}; got {await actual()}.");
            }

            await Task.Delay(50);
        }
    }
}
