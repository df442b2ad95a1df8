using System.Diagnostics;
using System.Net;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.AspNetCore.Tests.Whip;

/// <summary>Watching by HTTP. The numbers are the lines of the list in docs/protocols/whip-whep.md.</summary>
public class WhepTests
{
    [Fact]
    public async Task Line01_Post_Is201_WithAnswerAndLocation_AndThePictureComes()
    {
        await using var bed = await WhepBed.StartAsync();
        var offer = bed.Media.OfferToReceive();
        using var response = await bed.Client.PostAsync("/whep", offer.Offer);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("application/sdp", response.Content.Headers.ContentType!.MediaType);
        Assert.Matches("^/whep/sessions/[0-9a-f]{32}$", response.SessionPath());

        bed.Media.Accept(offer, await response.Content.ReadAsStringAsync());
        await bed.Media.NextEventAsync(PeerSessionEventKind.Connected);
        for (var i = 0; i < 5; i++)
        {
            Assert.True((await bed.Media.NextFrameAsync()).Length > 0);
        }

        Assert.Equal("whep", Assert.Single(bed.Broadcaster.Viewers).Transport);
    }

    [Fact]
    public async Task Line01_Location_LeadsToTheSession_BehindAPatternAndForANamedStream()
    {
        await using var bed = await WhepBed.StartAsync(camera: options => options.Stream = "garden", pattern: "/cam");
        var created = await bed.WatchAsync("/cam/whep/garden");
        Assert.StartsWith("/cam/whep/sessions/", created.Location);
        using var response = await bed.Client.SendAsync(HttpMethod.Delete, created.Location);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json")]
    [InlineData(null)]
    public async Task Line02_OtherType_Is415(string? type)
    {
        await using var bed = await WhepBed.StartAsync();
        using var response = await bed.Client.PostAsync("/whep", bed.NewOffer(), type);
        await response.AssertProblemAsync(415, "P2P3301");
        Assert.Equal("application/sdp", response.Headers.GetValues("Accept-Post").Single());
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("v=0\r\nm=video\r\n")]
    public async Task Line02_BadSdp_Is400(string body)
    {
        await using var bed = await WhepBed.StartAsync();
        using var response = await bed.Client.PostAsync("/whep", body);
        await response.AssertProblemAsync(400, "P2P3303");
    }

    [Fact]
    public async Task Line02_MoreThan64KiB_Is413()
    {
        await using var bed = await WhepBed.StartAsync();
        using var response = await bed.Client.PostAsync("/whep", new string('x', 70_000));
        await response.AssertProblemAsync(413, "P2P3302");
    }

    [Fact]
    public async Task Line03_Get_Is2xxWithoutContent_OnEndpointAndSession()
    {
        await using var bed = await WhepBed.StartAsync();
        var created = await bed.WatchAsync();
        foreach (var path in new[] { "/whep", created.Location })
        {
            using var response = await bed.Client.SendAsync(HttpMethod.Get, path);
            Assert.True(response.IsSuccessStatusCode);
            Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task Line04_Head_Is200_WithTheTypeOfSdp()
    {
        await using var bed = await WhepBed.StartAsync();
        using var response = await bed.Client.SendAsync(HttpMethod.Head, "/whep");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/sdp", response.Content.Headers.ContentType?.MediaType);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Line06_Answer_IsSendOnly()
    {
        await using var bed = await WhepBed.StartAsync();
        Assert.Contains("a=sendonly\r\n", (await bed.WatchAsync()).Answer);
    }

    [Theory]
    [InlineData("inactive")]
    [InlineData("sendonly")]
    public async Task Line07_OfferThatCannotReceive_Is422(string direction)
    {
        await using var bed = await WhepBed.StartAsync();
        using var response = await bed.Client.PostAsync("/whep", bed.NewOffer().Replace("a=recvonly", $"a={direction}"));
        await response.AssertProblemAsync(422, "P2P3304");
    }

    [Fact]
    public async Task Line08_ThereIsNoCounterOffer_APostNeedsAnOffer()
    {
        await using var bed = await WhepBed.StartAsync();
        using var empty = await bed.Client.PostAsync("/whep", "");
        await empty.AssertProblemAsync(400, "P2P3303");
        var created = await bed.WatchAsync();
        using var answer = await bed.Client.PatchAsync(created.Location, created.Answer, created.Tag, WhipRequests.Sdp);
        await answer.AssertProblemAsync(415, "P2P3308");
    }

    [Fact]
    public async Task Line09_NoCamera_Is409_WithRetryAfter()
    {
        await using var bed = await WhepBed.StartAsync();
        using var response = await bed.Client.PostAsync("/whep/nobody", bed.NewOffer());
        await response.AssertProblemAsync(409, "P2P3309");
        Assert.NotNull(response.Headers.RetryAfter);

        // Who asked has its answer a moment before its place in the room is given up.
        for (var clock = Stopwatch.StartNew(); bed.Host.Hub.HasRoom("nobody");)
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), "The room that a stranger asked for is still there.");
            await Task.Delay(20);
        }
    }

    [Fact]
    public async Task Line09_CameraThatSaysItIsOffline_Is409()
    {
        await using var host = await LoopbackHost.StartAsync();
        await using var peer = new MediaPeer();
        await using var dark = host.Hub.CreateTransport();
        await dark.ConnectAsync(new SignalingJoin("default", SignalingRole.Broadcaster));
        var answering = Task.Run(async () =>
        {
            await foreach (var message in dark.ReadAllAsync())
            {
                if (message is PeerJoinedMessage { Peer: { } joined })
                {
                    await dark.SendAsync(new CameraStateMessage(CameraState.Offline) { Peer = joined });
                }
                else if (message is OfferMessage { Peer: { } viewer })
                {
                    await dark.SendAsync(new AnswerMessage("v=0\r\n") { Peer = viewer });
                    await dark.SendAsync(new EndOfCandidatesMessage { Peer = viewer });
                }
            }
        });
        using var response = await host.Client.PostAsync("/whep", peer.OfferToReceive().Offer);
        await response.AssertProblemAsync(409, "P2P3309");
        await dark.DisposeAsync();
        await answering;
    }

    [Fact]
    public async Task Line10And11_Delete_EndsTheSession_WhateverIfMatchSays()
    {
        await using var bed = await WhepBed.StartAsync();
        var created = await bed.WatchAsync();
        await bed.Media.NextEventAsync(PeerSessionEventKind.Connected);
        using var response = await bed.Client.SendAsync(HttpMethod.Delete, created.Location, headers: ("If-Match", "\"of somebody else\""));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(PeerSessionCloseReason.PeerClosed, (await bed.Media.NextEventAsync(PeerSessionEventKind.Closed)).Reason);
        await bed.WaitForViewersAsync(0);
        using var again = await bed.Client.SendAsync(HttpMethod.Delete, created.Location);
        await again.AssertProblemAsync(404, "P2P3305");
    }

    [Fact]
    public async Task ViewerWhoseMediaEnd_WithoutADelete_LeavesTheRoomAndItsPlace()
    {
        await using var bed = await WhepBed.StartAsync(options => options.MaxConnectionsPerAddress = 1);
        var created = await bed.WatchAsync();
        await bed.Media.NextEventAsync(PeerSessionEventKind.Connected);
        using (var full = await bed.Client.PostAsync("/whep", bed.NewOffer()))
        {
            await full.AssertProblemAsync(503, "P2P3005");
        }

        bed.Media.Loop.Post(() => bed.Media.Session!.Close(bed.Media.Loop.Now));
        await bed.WaitForViewersAsync(0);
        await WaitForEndAsync(bed.Client, created.Location);
        await bed.WatchAsync();
    }

    [Fact]
    public async Task CameraThatGoesAway_EndsTheSession()
    {
        await using var bed = await WhepBed.StartAsync();
        var created = await bed.WatchAsync();
        await bed.Broadcaster.DisposeAsync();
        await WaitForEndAsync(bed.Client, created.Location);
    }

    [Fact]
    public async Task Line23_AudioBesideTheVideo_IsKept_ThoughThereIsNone()
    {
        await using var bed = await WhepBed.StartAsync();
        var offer = bed.NewOffer();
        var audio = offer[offer.IndexOf("m=video", StringComparison.Ordinal)..].Replace("m=video", "m=audio").Replace("a=mid:0", "a=mid:1");
        using var response = await bed.Client.PostAsync("/whep", offer.Replace("a=group:BUNDLE 0", "a=group:BUNDLE 0 1") + audio);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Contains("a=group:BUNDLE 0 1\r\n", answer);
        Assert.Contains("m=audio 9 ", answer);
        Assert.Contains("a=inactive\r\n", answer);
    }

    [Fact]
    public async Task CodecThatNobodyHas_Is422_InTheBroadcastersWords()
    {
        await using var bed = await WhepBed.StartAsync();
        using var response = await bed.Client.PostAsync("/whep", bed.NewOffer().Replace("VP8/90000", "H263/90000"));
        await response.AssertProblemAsync(422, "P2P2111");
    }

    internal static async Task WaitForEndAsync(HttpClient client, string location)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            using var response = await client.SendAsync(HttpMethod.Get, location);
            if (response.StatusCode == HttpStatusCode.NotFound)
            {
                return;
            }

            await Task.Delay(50, limit.Token);
        }
    }
}
