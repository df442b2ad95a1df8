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

    /// <param name="space">Where it runs.</param>
    /// <param name="hideAddresses">Whether its candidates carry mDNS names in place of addresses, as they do for users.</param>
    /// <param name="more">Further arguments.</param>
    public static async Task<ChromiumBrowser> LaunchAsync(NetworkNamespace space, bool hideAddresses = true, params string[] more)
    {
        var folder = Directory.CreateTempSubdirectory("p2pcam-chromium-");
        var wrapper = Path.Combine(folder.FullName, "chromium");
        await File.WriteAllTextAsync(wrapper, $"#!/bin/sh\nexec ip netns exec {space.Name} chromium \"$@\"\n");
        P2PCam.TestKit.Processes.Tool.Run("chmod", "u+x", wrapper);
        var playwright = await Playwright.CreateAsync();
        string[] arguments = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", .. more];
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = wrapper,
            ChromiumSandbox = false,
            Args = hideAddresses ? arguments : [.. arguments, "--disable-features=WebRtcHideLocalIpsWithMdns"],
        });
        return new ChromiumBrowser(playwright, browser, folder);
    }

    public async Task<ChromiumPage> NewPageAsync()
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions { IgnoreHTTPSErrors = true, ViewportSize = new ViewportSize { Width = 1280, Height = 800 } });
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
