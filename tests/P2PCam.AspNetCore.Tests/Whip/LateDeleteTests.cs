using System.Net;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.AspNetCore.Tests.Whip;

/// <summary>Pages close their connection and then say so: the DELETE comes when nothing is left. They throw when that is an error.</summary>
public class LateDeleteTests
{
    [Fact]
    public async Task Whep_DeleteAfterThePeerClosed_IsNoError()
    {
        await using var bed = await WhepBed.StartAsync();
        var created = await bed.WatchAsync();
        await bed.Media.NextEventAsync(PeerSessionEventKind.Connected);
        Close(bed.Media);
        await AssertEndedAsync(bed.Client, created.Location, null);
    }

    [Fact]
    public async Task Whip_DeleteAfterThePeerClosed_IsNoError()
    {
        await using var bed = await WhipBed.StartAsync();
        var created = await bed.PublishAsync();
        await bed.Media.NextEventAsync(PeerSessionEventKind.Connected);
        Close(bed.Media);
        await AssertEndedAsync(bed.Client, created.Location, null);
    }

    [Fact]
    public async Task Whep_DeleteAfterTheBroadcasterStopped_IsNoError()
    {
        await using var bed = await WhepBed.StartAsync();
        var created = await bed.WatchAsync();
        await bed.Media.NextEventAsync(PeerSessionEventKind.Connected);
        await bed.Broadcaster.StopAsync();
        await AssertEndedAsync(bed.Client, created.Location, null);
    }

    [Fact]
    public async Task SessionOfAToken_ThatHasEnded_IsNobodyElses()
    {
        await using var bed = await WhepBed.StartAsync(options => options.ViewerPin = "4711");
        var created = await bed.WatchAsync(token: "4711");
        await bed.Media.NextEventAsync(PeerSessionEventKind.Connected);
        Close(bed.Media);
        await AssertEndedAsync(bed.Client, created.Location, "4711");
        using var other = await bed.Client.SendAsync(HttpMethod.Delete, created.Location, token: "4712");
        await other.AssertProblemAsync(404, "P2P3305");
    }

    [Fact]
    public async Task SessionThatNeverWas_IsStill404()
    {
        await using var bed = await WhepBed.StartAsync();
        using var response = await bed.Client.SendAsync(HttpMethod.Delete, "/whep/sessions/0123456789abcdef0123456789abcdef");
        await response.AssertProblemAsync(404, "P2P3305");
    }

    private static void Close(MediaPeer media) => media.Loop.Post(() => media.Session!.Close(media.Loop.Now));

    private static async Task AssertEndedAsync(HttpClient client, string location, string? token)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            using var look = await client.SendAsync(HttpMethod.Get, location, token: token);
            if (look.StatusCode == HttpStatusCode.NotFound)
            {
                break;
            }

            await Task.Delay(20, limit.Token);
        }

        foreach (var _ in new[] { "once", "and again" })
        {
            using var response = await client.SendAsync(HttpMethod.Delete, location, token: token);
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        }

        using var patch = await client.PatchAsync(location, "a=end-of-candidates\r\n", "*", token: token);
        await patch.AssertProblemAsync(404, "P2P3305");
    }
}
