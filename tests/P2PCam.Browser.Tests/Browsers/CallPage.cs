namespace P2PCam.Browser.Tests.Browsers;

/// <summary>The call's page, open in Chromium: its state, and what its two pictures show.</summary>
internal sealed class CallPage(ChromiumPage page)
{
    public ChromiumPage Page => page;

    public async Task JoinAsync()
    {
        await page.WaitForStateAsync("ready");
        await page.ClickAsync("#join");
    }

    /// <summary>Waits until the picture has this colour and its bar has been at this many different places.</summary>
    public Task WaitForMovingPictureAsync(string video, Func<CallPicture, bool> isRight, int places = 6) => page.WaitForMovingPictureAsync(video, isRight, places);

    public Task<CallPicture?> LookAsync(string video) => page.LookAsync(video);

    public async Task<string> TextAsync(string id) => (await page.EvaluateAsync($"document.getElementById('{id}').textContent")).GetString() ?? "";
}
