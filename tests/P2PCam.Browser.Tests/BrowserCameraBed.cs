using System.Globalization;
using P2PCam.Browser.Tests.Browsers;
using P2PCam.Browser.Tests.Hosts;
using P2PCam.TestKit;
using P2PCam.TestKit.Networks;
using Xunit.Abstractions;

namespace P2PCam.Browser.Tests;

/// <summary>
/// A browser is the camera, others watch, judged by pixels: the camera sees orange noise with a white bar that walks through it. Host, camera and viewers are
/// three computers.
/// </summary>
public abstract class BrowserCameraBed(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("p2pcam-data-");
    private readonly FakeCapture _camera = new(y: 150, u: 80, v: 175, noise: 40);
    private readonly SwitchedNetwork? _network = NetworkProbe.Reason is null ? SwitchedNetwork.Create("host", "phone", "viewer") : null;

    private protected Figures Figures { get; } = new(output);

    private protected SwitchedNetwork Network => _network!;

    private protected Uri Address => new($"https://{Network.AddressOf("host")}:3000/");

    private protected LanCameraProcess? Host { get; private set; }

    /// <summary>What gives a Chromium the camera.</summary>
    private protected string[] Camera => [.. _camera.Arguments];

    /// <summary>A folder that lasts as long as the test.</summary>
    private protected DirectoryInfo Data => _data;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await (Host?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_network?.DisposeAsync() ?? ValueTask.CompletedTask);
        _camera.Dispose();
        _data.Delete(recursive: true);
    }

    private protected static string Screenshot(string name) => Path.Combine(Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "screenshots")).FullName, name);

    private protected static async Task<double> NumberAsync(ChromiumPage page, string name) => (await page.GetStatsAsync()).TryGetProperty(name, out var value) && value.TryGetDouble(out var number) ? number : 0;

    private protected static async Task<string> DescribeSenderAsync(ChromiumPage camera)
    {
        var stats = await camera.GetStatsAsync();
        string Text(string name) => stats.TryGetProperty(name, out var value) ? value.ToString() : "?";
        double Number(string name) => stats.TryGetProperty(name, out var value) && value.ValueKind == System.Text.Json.JsonValueKind.Number ? value.GetDouble() : 0;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"publisher {Text("codec")} by {Text("encoder")}, {Text("width")}x{Text("height")} @{Number("framesPerSecond"):F0}, {Number("bitrate") / 1e6:F2} Mbit/s, availableOutgoingBitrate {Number("availableBitrate") / 1e6:F2} Mbit/s, limited by {Text("limitedBy")}, PLIs {Text("pliCount")}, NACKs {Text("nackCount")}");
    }

    private protected static async Task UntilTextAsync(ChromiumPage page, string id, string expected)
    {
        async Task<string> ReadAsync() => (await page.EvaluateAsync($"document.getElementById('{id}').textContent")).GetString()!;
        await page.WaitAsync(async () => await ReadAsync() == expected, $"'{expected}' in #{id}", ReadAsync);
    }

    private protected static async Task<string> IdentifyAsync(ChromiumPage viewer) => (await viewer.EvaluateAsync("(window.before = window.p2pcam.peerConnection, window.p2pcam.peerId)")).GetString()!;

    private protected static async Task<bool> IsStillAsync(ChromiumPage viewer, string peerId) =>
        (await viewer.EvaluateAsync($"window.before === window.p2pcam.peerConnection && window.p2pcam.peerId === '{peerId}'")).GetBoolean();

    private protected static async Task StartCameraAsync(ChromiumPage camera, Uri link)
    {
        await camera.OpenAsync(link);
        await camera.WaitForStateAsync("ready");
        await camera.ClickAsync("#start");
        await camera.WaitForStateAsync("live");
    }

    /// <summary>Starts the sample; returns the link that makes a phone the camera.</summary>
    private protected async Task<Uri> StartHostAsync()
    {
        Host = await LanCameraProcess.StartAsync(Network["host"], _data.FullName, "--browser-camera", "--no-qr");
        var line = await Host.WaitForLineAsync("         or on a phone");
        return new Uri(line[line.IndexOf("https://", StringComparison.Ordinal)..]);
    }

    /// <summary>The sample, a phone with the camera whose page is on air, and a browser for those who watch.</summary>
    private protected async Task<OnAir> GoOnAirAsync()
    {
        var link = await StartHostAsync();
        var phone = await ChromiumBrowser.LaunchAsync(Network["phone"], more: Camera);
        var camera = await phone.NewPageAsync();
        await StartCameraAsync(camera, link);
        return new OnAir(phone, camera, await ChromiumBrowser.LaunchAsync(Network["viewer"]));
    }

    /// <summary>A page that shows the camera's moving picture.</summary>
    private protected async Task<ChromiumPage> WatchAsync(ChromiumBrowser browser)
    {
        var viewer = await browser.NewPageAsync();
        await viewer.OpenAsync(Address);
        await viewer.WaitForMovingPictureAsync("video", picture => picture.IsOrange);
        return viewer;
    }

    private protected sealed record OnAir(ChromiumBrowser Phone, ChromiumPage Camera, ChromiumBrowser Browser) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Browser.DisposeAsync();
            await Camera.DisposeAsync();
            await Phone.DisposeAsync();
        }
    }
}
