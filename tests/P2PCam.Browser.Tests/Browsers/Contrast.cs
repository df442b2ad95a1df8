namespace P2PCam.Browser.Tests.Browsers;

/// <summary>Whether words over a picture can be read.</summary>
internal static class Contrast
{
    // WCAG 2.2's contrast ratio, of the words against the darkest and the lightest that a picture behind them can be.
    private const string Script = """
        (() => {
          const channel = value => { const c = value / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
          const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
          const colour = text => text.match(/[\d.]+/g).slice(0, 3).map(Number);
          const opacity = Number(getComputedStyle(document.querySelector('SELECTOR')).opacity);
          const ground = colour(getComputedStyle(document.getElementById('stage')).backgroundColor);
          const grounds = [0, 255].map(picture => light(ground.map(value => picture * opacity + value * (1 - opacity))));
          return Math.min(...['headline', 'explanation'].flatMap(id => {
            const words = light(colour(getComputedStyle(document.getElementById(id)).color));
            return grounds.map(back => (Math.max(words, back) + 0.05) / (Math.min(words, back) + 0.05));
          }));
        })()
        """;

    /// <param name="page">The page.</param>
    /// <param name="video">The selector of the picture behind headline and explanation; its transition must be over.</param>
    public static async Task<double> WorstContrastAsync(this IViewerPage page, string video) =>
        (await page.EvaluateAsync(Script.Replace("SELECTOR", video, StringComparison.Ordinal))).GetDouble();
}
