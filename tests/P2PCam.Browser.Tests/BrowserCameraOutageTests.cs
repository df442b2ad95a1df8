using System.Diagnostics;
using P2PCam.Browser.Tests.Browsers;
using P2PCam.TestKit.Networks;
using Xunit.Abstractions;

namespace P2PCam.Browser.Tests;

/// <summary>What viewers see when the camera goes, its browser or its network, and comes back.</summary>
[Collection("browsers")]
public sealed class BrowserCameraOutageTests(ITestOutputHelper output) : BrowserCameraBed(output)
{
    [NetworkFact("chromium")]
    public async Task PageClosedAndReopened_AndProcessKilledAndRestarted_CameraOffline_ThenThePictureIsBackByItself()
    {
        var link = await StartHostAsync();
        var profile = Data.CreateSubdirectory("profile");
        await using var browser = await ChromiumBrowser.LaunchAsync(Network["viewer"]);
        await using var viewer = await browser.NewPageAsync();
        await using (var phone = await ChromiumProfile.LaunchAsync(Network["phone"], profile, Camera))
        {
            var camera = await phone.NewPageAsync();
            await StartCameraAsync(camera, link);
            await viewer.OpenAsync(Address);
            await viewer.WaitForMovingPictureAsync("video", picture => picture.IsOrange);
            var connection = await IdentifyAsync(viewer);

            var clock = Stopwatch.StartNew();
            await camera.CloseTabAsync();
            await viewer.WaitForStateAsync("offline");
            Figures.Add("Browser camera: page closed, viewers hear it after", $"{clock.Elapsed.TotalSeconds:F1} s");

            // Opened again, and nobody presses anything on either side.
            camera = await phone.NewPageAsync();
            await camera.OpenAsync(link);
            await viewer.WaitForMovingPictureAsync("video", picture => picture.IsOrange);
            Assert.True(await IsStillAsync(viewer, connection), "The viewer connected anew.");

            clock.Restart();
            Network["phone"].KillProcesses();
            await viewer.WaitForStateAsync("offline");
            Figures.Add("Browser camera: process killed, viewers hear it after", $"{clock.Elapsed.TotalSeconds:F1} s");
        }

        await using var again = await ChromiumProfile.LaunchAsync(Network["phone"], profile, Camera);
        var reopened = await again.NewPageAsync();
        await reopened.OpenAsync(link);
        await viewer.WaitForMovingPictureAsync("video", picture => picture.IsOrange);
    }

    [NetworkFact("chromium")]
    public async Task CamerasNetworkCutForTenSeconds_CameraOffline_ThenThePictureIsBackByItself()
    {
        await using var onAir = await GoOnAirAsync();
        var (_, camera, browser) = onAir;
        await using var viewer = await WatchAsync(browser);
        var connection = await IdentifyAsync(viewer);

        var clock = Stopwatch.StartNew();
        Network.SetLink("phone", up: false);
        await viewer.WaitForStateAsync("offline");
        Figures.Add("Browser camera: network cut, viewers hear it after", $"{clock.Elapsed.TotalSeconds:F1} s");
        await camera.WaitForStateAsync("reconnecting");
        await viewer.WaitAsync(() => Task.FromResult(clock.Elapsed > TimeSpan.FromSeconds(10)), "the cut to last 10 s", () => Task.FromResult($"{clock.Elapsed}"));
        Network.SetLink("phone", up: true);
        clock.Restart();
        await viewer.WaitForMovingPictureAsync("video", picture => picture.IsOrange);
        Figures.Add("Browser camera: network there again, picture back after", $"{clock.Elapsed.TotalSeconds:F1} s");
        await camera.WaitForStateAsync("live");
        Assert.True(await IsStillAsync(viewer, connection), "The viewer connected anew.");
    }
}
