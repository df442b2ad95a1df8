using System.Text.Json;
using P2PCam.TestKit.Networks;
using P2PCam.TestKit.Processes;

namespace P2PCam.Browser.Tests.Browsers;

/// <summary>Debian's Firefox on a host of the test bed, with one page, driven by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/).</summary>
internal sealed class FirefoxBrowser : IViewerPage
{
    private const int Port = 9333;
    private const string Listening = "WebDriver BiDi listening";
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    // No pages, updates or reports of its own; pictures need no GPU.
    private static readonly string[] Preferences =
    [
        "\"browser.aboutwelcome.enabled\", false", "\"browser.startup.page\", 0", "\"browser.startup.homepage\", \"about:blank\"",
        "\"browser.shell.checkDefaultBrowser\", false", "\"datareporting.policy.dataSubmissionEnabled\", false", "\"toolkit.telemetry.enabled\", false",
        "\"app.update.enabled\", false", "\"app.normandy.enabled\", false", "\"extensions.update.enabled\", false", "\"network.captive-portal-service.enabled\", false",
        "\"network.connectivity-service.enabled\", false", "\"dom.security.https_first\", false", "\"layers.acceleration.disabled\", true",
    ];

    private readonly DirectoryInfo _folder;
    private readonly ChildProcess _process;
    private readonly BidiConnection _connection;
    private readonly string _context;

    private FirefoxBrowser(DirectoryInfo folder, ChildProcess process, BidiConnection connection, string context) =>
        (_folder, _process, _connection, _context) = (folder, process, connection, context);

    /// <param name="space">Where it runs.</param>
    public static async Task<FirefoxBrowser> LaunchAsync(NetworkNamespace space)
    {
        var folder = Directory.CreateTempSubdirectory("p2pcam-firefox-");
        var profile = folder.CreateSubdirectory("profile");
        await File.WriteAllLinesAsync(Path.Combine(profile.FullName, "user.js"), Preferences.Select(preference => $"user_pref({preference});"));
        var process = space.StartProcess(
            "firefox-esr",
            ["--headless", "--no-remote", "--profile", profile.FullName, "--remote-debugging-port", $"{Port}"],
            new Dictionary<string, string> { ["HOME"] = folder.FullName, ["MOZ_CRASHREPORTER_DISABLE"] = "1" });
        try
        {
            await process.WaitForLineAsync(line => line.Contains(Listening, StringComparison.Ordinal), StartLimit);
            var connection = await BidiConnection.ConnectAsync(space, new Uri($"ws://127.0.0.1:{Port}/session"));
            await connection.SendAsync("session.new", new { capabilities = new { alwaysMatch = new { acceptInsecureCerts = true } } });
            var tree = await connection.SendAsync("browsingContext.getTree", new { });
            return new FirefoxBrowser(folder, process, connection, tree.GetProperty("contexts")[0].GetProperty("context").GetString()!);
        }
        catch
        {
            await process.DisposeAsync();
            folder.Delete(recursive: true);
            throw;
        }
    }

    public async Task OpenAsync(Uri address)
    {
        await _connection.SendAsync("browsingContext.navigate", new { context = _context, url = address.ToString(), wait = "interactive" });
    }

    public async Task<JsonElement> EvaluateAsync(string expression)
    {
        var answer = await _connection.SendAsync("script.evaluate", new
        {
            expression = $"(async () => JSON.stringify(await ({expression})) ?? 'null')()",
            target = new { context = _context },
            awaitPromise = true,
        });
        if (answer.TryGetProperty("exceptionDetails", out var details))
        {
            throw new InvalidOperationException($"In the page: {details.GetProperty("text").GetString()}");
        }

        using var document = JsonDocument.Parse(answer.GetProperty("result").GetProperty("value").GetString()!);
        return document.RootElement.Clone();
    }

    /// <summary>Saves what a person would see, for people to look at.</summary>
    public async Task ScreenshotAsync(string path)
    {
        var answer = await _connection.SendAsync("browsingContext.captureScreenshot", new { context = _context });
        await File.WriteAllBytesAsync(path, answer.GetProperty("data").GetBytesFromBase64());
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
