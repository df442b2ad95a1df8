using System.Net;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.AspNetCore.Tests.Whip;

/// <summary>ICE restarts by PATCH, with real media: what was sent or watched before goes on, and so it does when a restart fails.</summary>
public class RestartTests
{
    [Fact]
    public async Task Line18And19_WhepRestart_Is200_WithFragmentAndNewTag_AndTheSameSessionGoesOn()
    {
        await using var bed = await WhepBed.StartAsync();
        var created = await bed.WatchAsync();
        await bed.Media.NextEventAsync(PeerSessionEventKind.Connected);
        await bed.Media.NextFrameAsync();
        var (response, fragment) = await RestartAsync(bed.Client, bed.Media, created);
        using (response)
        {
            Assert.NotEqual(created.Tag, response.Tag());
            Assert.DoesNotContain(WhepSessionTests.Credentials(created.Answer), fragment);
            await bed.Media.NextEventAsync(PeerSessionEventKind.IceRestarted);
            for (var i = 0; i < 5; i++)
            {
                await bed.Media.NextFrameAsync();
            }

            // The old tag is of the ICE session that was; the new one works.
            using var old = await bed.Client.PatchAsync(created.Location, "a=end-of-candidates\r\n", created.Tag);
            await old.AssertProblemAsync(412, "P2P3307");
            using var current = await bed.Client.PatchAsync(created.Location, "a=end-of-candidates\r\n", response.Tag());
            Assert.Equal(HttpStatusCode.NoContent, current.StatusCode);
            Assert.Single(bed.Broadcaster.Viewers);
        }
    }

    [Fact]
    public async Task Line18And19_WhipRestart_Is200_WithFragmentAndNewTag_AndTheSameSessionGoesOn()
    {
        await using var bed = await WhipBed.StartAsync();
        var created = await bed.PublishAsync();
        await bed.Media.NextEventAsync(PeerSessionEventKind.Connected);
        var reading = bed.ReadUntilItFailsAsync();
        await bed.ReadFrameAsync();
        var since = bed.Source.Publisher!.Since;
        var (response, fragment) = await RestartAsync(bed.Client, bed.Media, created);
        using (response)
        {
            Assert.NotEqual(created.Tag, response.Tag());
            Assert.DoesNotContain(WhepSessionTests.Credentials(created.Answer), fragment);
            await bed.Media.NextEventAsync(PeerSessionEventKind.IceRestarted);
            for (var i = 0; i < 5; i++)
            {
                await bed.ReadFrameAsync();
            }

            Assert.Equal(since, bed.Source.Publisher!.Since);
        }

        using var delete = await bed.Client.SendAsync(HttpMethod.Delete, created.Location);
        Assert.Equal("P2P1020", (await reading).Code);
    }

    [Fact]
    public async Task Line18_RestartToo_NeedsIfMatch()
    {
        await using var bed = await WhepBed.StartAsync();
        var created = await bed.WatchAsync();
        using var missing = await bed.Client.PatchAsync(created.Location, "a=ice-ufrag:abcdefgh\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n", null);
        await missing.AssertProblemAsync(428, "P2P3306");
    }

    [Fact]
    public async Task Line20_WhepRestartThatCannotBe_LeavesTheSessionAlive()
    {
        await using var bed = await WhepBed.StartAsync();
        var created = await bed.WatchAsync();
        await bed.Media.NextEventAsync(PeerSessionEventKind.Connected);
        using var response = await bed.Client.PatchAsync(created.Location, "a=ice-ufrag:ab\r\na=ice-pwd:short\r\n", "*");
        await response.AssertProblemAsync(422, "P2P3317");
        await AssertLivesAsync(bed.Client, created, () => bed.Media.NextFrameAsync());
    }

    [Fact]
    public async Task Line20_WhipRestartThatCannotBe_LeavesTheSessionAlive()
    {
        await using var bed = await WhipBed.StartAsync();
        var created = await bed.PublishAsync();
        var reading = bed.ReadUntilItFailsAsync();
        await bed.ReadFrameAsync();
        using var response = await bed.Client.PatchAsync(created.Location, "a=ice-ufrag:ab\r\na=ice-pwd:short\r\n", "*");
        await response.AssertProblemAsync(422, "P2P3317");
        await AssertLivesAsync(bed.Client, created, bed.ReadFrameAsync);
        await bed.Source.DisposeAsync();
        await reading;
    }

    [Fact]
    public async Task Line20_RestartThatNobodyFollows_LeavesTheOldPathAlive()
    {
        await using var bed = await WhepBed.StartAsync();
        var created = await bed.WatchAsync();
        await bed.Media.NextEventAsync(PeerSessionEventKind.Connected);
        await bed.Media.NextFrameAsync();
        using var response = await bed.Client.PatchAsync(created.Location, "a=ice-ufrag:abcdefgh\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n", "*");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        for (var i = 0; i < 60; i++)
        {
            await bed.Media.NextFrameAsync();
        }
    }

    private static async Task AssertLivesAsync(HttpClient client, Created created, Func<Task> nextFrame)
    {
        for (var i = 0; i < 5; i++)
        {
            await nextFrame();
        }

        using var trickle = await client.PatchAsync(created.Location, "a=end-of-candidates\r\n", created.Tag);
        Assert.Equal(HttpStatusCode.NoContent, trickle.StatusCode);
    }

    /// <summary>As the side that wants it: new credentials and the same candidates go out, the server's come back.</summary>
    internal static async Task<(HttpResponseMessage Response, string Fragment)> RestartAsync(HttpClient client, MediaPeer media, Created created)
    {
        var (ufrag, password) = media.Loop.Snapshot(() => media.Session!.PrepareIceRestart());
        var candidates = string.Concat(created.Offer.Split("\r\n").Where(line => line.StartsWith("a=candidate:", StringComparison.Ordinal)).Select(line => line + "\r\n"));
        var response = await client.PatchAsync(created.Location, $"a=ice-ufrag:{ufrag}\r\na=ice-pwd:{password}\r\nm=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n{candidates}a=end-of-candidates\r\n", "*");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(WhipRequests.Fragment, response.Content.Headers.ContentType!.MediaType);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(SdpFragment.TryParse(text, out var fragment, out var error), error);
        Assert.NotEmpty(fragment.Candidates);
        media.Loop.Post(() =>
        {
            Assert.True(media.Session!.TryRestartIce(media.Loop.Now, fragment.Ufrag!, fragment.Password!, out _, out _, out _));
            foreach (var candidate in fragment.Candidates)
            {
                media.Session.AddRemoteCandidate(media.Loop.Now, candidate);
            }
        });
        return (response, text);
    }
}
