using Microsoft.Playwright;

namespace P2PCam.Interop.Tests.Support;

/// <summary>An empty page in Debian's Chromium that has a (fake) camera.</summary>
internal sealed class ChromiumPage : IAsyncDisposable
{
    // The browser itself serves this page: a secure origin, without which there is no camera.
    private const string Address = "https://camera.test/";

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly IPage _page;

    private ChromiumPage(IPlaywright playwright, IBrowser browser, IPage page) => (_playwright, _browser, _page) = (playwright, browser, page);

    public static async Task<ChromiumPage> LaunchAsync()
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            ChromiumSandbox = false,
            Args =
            [
                "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required",
            ],
        });
        var page = await browser.NewPageAsync();
        await page.RouteAsync("**/*", route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/html", Body = "<!doctype html><title>Camera</title><body>" }));
        await page.GotoAsync(Address);
        return new ChromiumPage(playwright, browser, page);
    }

    public Task<T> EvaluateAsync<T>(string script, object? argument = null) => _page.EvaluateAsync<T>(script, argument);

    public Task EvaluateAsync(string script, object? argument = null) => _page.EvaluateAsync(script, argument);

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
