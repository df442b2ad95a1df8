using Microsoft.Playwright;
using P2PCam.TestKit.Networks;

namespace P2PCam.Browser.Tests.Browsers;

/// <summary>Chromium with a profile on disk, which outlives it: what a person has who opens the browser again.</summary>
internal sealed class ChromiumProfile : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowserContext _context;
    private readonly DirectoryInfo _folder;

    private ChromiumProfile(IPlaywright playwright, IBrowserContext context, DirectoryInfo folder) => (_playwright, _context, _folder) = (playwright, context, folder);

    /// <param name="space">Where it runs.</param>
    /// <param name="profile">The profile's folder.</param>
    /// <param name="more">Further arguments.</param>
    public static async Task<ChromiumProfile> LaunchAsync(NetworkNamespace space, DirectoryInfo profile, params string[] more)
    {
        var (folder, wrapper) = await ChromiumBrowser.MakeWrapperAsync(space);
        var playwright = await Playwright.CreateAsync();
        var context = await playwright.Chromium.LaunchPersistentContextAsync(profile.FullName, new BrowserTypeLaunchPersistentContextOptions
        {
            ExecutablePath = wrapper,
            ChromiumSandbox = false,
            IgnoreHTTPSErrors = true,
            ViewportSize = new ViewportSize { Width = 1280, Height = 800 },
            ColorScheme = ColorScheme.Light,
            Args = [.. ChromiumBrowser.Arguments, .. more],
        });
        return new ChromiumProfile(playwright, context, folder);
    }

    /// <summary>A new tab; the first one stays empty, so that closing this one does not close the browser.</summary>
    public async Task<ChromiumPage> NewPageAsync() => new(_context, await _context.NewPageAsync());

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _context.DisposeAsync();
        }
        catch (PlaywrightException)
        {
            // It is gone already, as some tests want it.
        }

        _playwright.Dispose();
        _folder.Delete(recursive: true);
    }
}
