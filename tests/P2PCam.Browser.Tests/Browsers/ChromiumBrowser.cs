using System.Text.Json;
using Microsoft.Playwright;
using P2PCam.TestKit.Networks;

namespace P2PCam.Browser.Tests.Browsers;

/// <summary>Debian's Chromium in a network namespace, driven by Playwright.</summary>
internal sealed class ChromiumBrowser : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly DirectoryInfo _folder;

    private ChromiumBrowser(IPlaywright playwright, IBrowser browser, DirectoryInfo folder) => (_playwright, _browser, _folder) = (playwright, browser, folder);

    public static IReadOnlyList<string> Arguments { get; } =
        ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    /// <param name="space">Where it runs.</param>
    /// <param name="hideAddresses">Whether its candidates carry mDNS names in place of addresses, as they do for users.</param>
    /// <param name="more">Further arguments.</param>
    public static async Task<ChromiumBrowser> LaunchAsync(NetworkNamespace space, bool hideAddresses = true, params string[] more)
    {
        var (folder, wrapper) = await MakeWrapperAsync(space);
        var playwright = await Playwright.CreateAsync();
        string[] arguments = [.. Arguments, .. more];
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = wrapper,
            ChromiumSandbox = false,
            Args = hideAddresses ? arguments : [.. arguments, "--disable-features=WebRtcHideLocalIpsWithMdns"],
        });
        return new ChromiumBrowser(playwright, browser, folder);
    }

    /// <summary>A program that Playwright can start and that is Chromium in the namespace; in a folder of its own.</summary>
    public static async Task<(DirectoryInfo Folder, string Wrapper)> MakeWrapperAsync(NetworkNamespace space)
    {
        var folder = Directory.CreateTempSubdirectory("p2pcam-chromium-");
        var wrapper = Path.Combine(folder.FullName, "chromium");
        await File.WriteAllTextAsync(wrapper, $"#!/bin/sh\nexec ip netns exec {space.Name} chromium \"$@\"\n");
        P2PCam.TestKit.Processes.Tool.Run("chmod", "u+x", wrapper);
        return (folder, wrapper);
    }

    /// <param name="width">Of the window; a phone's is 390 by 844.</param>
    /// <param name="height">Of the window.</param>
    /// <param name="dark">Which colours the system asks for.</param>
    public async Task<ChromiumPage> NewPageAsync(int width = 1280, int height = 800, bool dark = false)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            IgnoreHTTPSErrors = true,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
        });
        return new ChromiumPage(context, await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _browser.DisposeAsync();
        }
        catch (PlaywrightException)
        {
            // It is gone already, as some tests want it.
        }

        _playwright.Dispose();
        _folder.Delete(recursive: true);
    }
}

/// <summary>A tab of its own profile.</summary>
internal sealed class ChromiumPage(IBrowserContext context, IPage page) : IViewerPage
{
    public async Task<JsonElement> EvaluateAsync(string expression)
    {
        var json = await page.EvaluateAsync<string>($"async () => JSON.stringify(await ({expression})) ?? 'null'");
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    public Task OpenAsync(Uri address) => page.GotoAsync(address.ToString(), new PageGotoOptions { WaitUntil = WaitUntilState.DOMContentLoaded });

    /// <summary>Runs a script in every document of this tab before its own scripts.</summary>
    public Task AddScriptAsync(string script) => page.AddInitScriptAsync(script);

    /// <summary>Requests for such addresses fail, as in a network that loses them.</summary>
    public Task BlockAsync(string glob) => page.RouteAsync(glob, route => route.AbortAsync());

    /// <summary>Requests for such addresses get this script.</summary>
    public Task ReplaceScriptAsync(string glob, string script) =>
        page.RouteAsync(glob, route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/javascript", Body = script }));

    /// <summary>Ends <see cref="BlockAsync"/>.</summary>
    public Task UnblockAsync(string glob) => page.UnrouteAsync(glob);

    /// <summary>Waits for a state of the page, also if it is loaded again meanwhile.</summary>
    public Task WaitForStateThroughLoadsAsync(string state) =>
        page.WaitForFunctionAsync("state => document.documentElement.dataset.state === state", state, new PageWaitForFunctionOptions { Timeout = 180_000 });

    /// <summary>The page in the frame that came from such an address, if the browser let it in.</summary>
    public async Task<string?> FrameStateAsync(Uri address)
    {
        var frame = page.Frames.FirstOrDefault(frame => frame != page.MainFrame && frame.Url.StartsWith(address.ToString(), StringComparison.Ordinal));
        return frame is null ? null : await frame.EvaluateAsync<string?>("document.documentElement.dataset.state ?? null");
    }

    /// <summary>Another tab of the same profile.</summary>
    public async Task<ChromiumPage> OpenTabAsync() => new(context, await context.NewPageAsync());

    /// <summary>Closes the tab as a person does; the profile stays.</summary>
    public Task CloseTabAsync() => page.CloseAsync(new PageCloseOptions { RunBeforeUnload = true });

    public Task SelectAsync(string selector, string value) => page.SelectOptionAsync(selector, value, new PageSelectOptionOptions { Timeout = 120_000 });

    public Task ResizeAsync(int width, int height) => page.SetViewportSizeAsync(width, height);

    public Task SetDarkAsync(bool dark) => page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light });

    public Task ClickAsync(string selector) => page.ClickAsync(selector, new PageClickOptions { Timeout = 120_000 });

    /// <summary>Saves what a person would see, for people to look at.</summary>
    public Task ScreenshotAsync(string path) => page.ScreenshotAsync(new PageScreenshotOptions { Path = path });

    public async ValueTask DisposeAsync()
    {
        try
        {
            await context.DisposeAsync();
        }
        catch (PlaywrightException)
        {
            // The browser is gone already, as some tests want it.
        }
    }
}
