using System.Text.Json;

namespace P2PCam.Browser.Tests.Browsers;

/// <summary>Mean colour, the place of the bar (0 to 63), and the size of the stream.</summary>
internal sealed record CallPicture(double R, double G, double B, int Bar, int Width, int Height)
{
    public bool IsOrange => R > 150 && R - B > 60;

    public bool IsBlue => B > 120 && B - R > 60;
}

/// <summary>Judges the picture of a <see cref="FakeCapture"/> wherever a page shows it.</summary>
internal static class CallPictureExtensions
{
    // The mean colour of the lower half, and where the white bar of the upper quarter is.
    private const string Look = """
        (id => {
          const video = document.getElementById(id);
          if (!video || !video.videoWidth || video.readyState < 2) return null;
          const canvas = document.createElement('canvas'); canvas.width = 64; canvas.height = 36;
          const context = canvas.getContext('2d', { willReadFrequently: true });
          context.drawImage(video, 0, 0, 64, 36);
          const data = context.getImageData(0, 0, 64, 36).data;
          const sum = [0, 0, 0];
          for (let y = 18; y < 34; y++) for (let x = 2; x < 62; x++) for (let c = 0; c < 3; c++) sum[c] += data[4 * (64 * y + x) + c];
          let bar = 0, most = -1;
          for (let x = 0; x < 64; x++) { const light = data[4 * (64 * 4 + x)] + data[4 * (64 * 4 + x) + 1] + data[4 * (64 * 4 + x) + 2]; if (light > most) { most = light; bar = x; } }
          return { r: sum[0] / 960, g: sum[1] / 960, b: sum[2] / 960, bar, width: video.videoWidth, height: video.videoHeight };
        })
        """;

    /// <summary>Waits until the picture has this colour and its bar has been at this many different places.</summary>
    public static async Task WaitForMovingPictureAsync(this IViewerPage page, string video, Func<CallPicture, bool> isRight, int places = 6)
    {
        var seen = new HashSet<int>();
        CallPicture? last = null;
        await page.WaitAsync(
            async () =>
            {
                last = await page.LookAsync(video);
                if (last is null || !isRight(last))
                {
                    seen.Clear();
                    return false;
                }

                seen.Add(last.Bar);
                return seen.Count >= places;
            },
            $"the moving picture #{video}",
            async () => $"{last}, {seen.Count} places, state {await page.GetStateAsync()}");
    }

    /// <summary>What a video element shows; null while it shows nothing.</summary>
    public static async Task<CallPicture?> LookAsync(this IViewerPage page, string video)
    {
        var look = await page.EvaluateAsync($"({Look})('{video}')");
        return look.ValueKind == JsonValueKind.Null ? null : look.Deserialize<CallPicture>(JsonSerializerOptions.Web);
    }
}
