using System.Net;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.AspNetCore.Tests.Whip;

/// <summary>Publishing by HTTP. The numbers are the lines of the list in docs/protocols/whip-whep.md.</summary>
public class WhipTests
{
    [Fact]
    public async Task Line01_Post_Is201_WithAnswerAndLocation_AndTheFramesComeOutOfTheSource()
    {
        await using var bed = await WhipBed.StartAsync();
        var offer = bed.Media.OfferToSend();
        using var response = await bed.Client.PostAsync("/whip", offer.Offer);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("application/sdp", response.Content.Headers.ContentType!.MediaType);
        Assert.Matches("^/whip/sessions/[0-9a-f]{32}$", response.SessionPath());

        bed.Media.Accept(offer, await response.Content.ReadAsStringAsync());
        await bed.Media.NextEventAsync(PeerSessionEventKind.Connected);
        await bed.ReceiveAsync();
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task Line02_OtherType_Is415(string? type)
    {
        await using var bed = await WhipBed.StartAsync();
        using var response = await bed.Client.PostAsync("/whip", bed.NewOffer(), type);
        await response.AssertProblemAsync(415, "P2P3301");
        Assert.Equal("application/sdp", response.Headers.GetValues("Accept-Post").Single());
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    public async Task Line02_BadSdp_Is400(string body)
    {
        await using var bed = await WhipBed.StartAsync();
        using var response = await bed.Client.PostAsync("/whip", body);
        await response.AssertProblemAsync(400, "P2P3303");
    }

    [Fact]
    public async Task Line03_Get_Is2xxWithoutContent_OnEndpointAndSession()
    {
        await using var bed = await WhipBed.StartAsync();
        var created = await bed.PublishAsync();
        foreach (var path in new[] { "/whip", created.Location })
        {
            using var response = await bed.Client.SendAsync(HttpMethod.Get, path);
            Assert.True(response.IsSuccessStatusCode);
            Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task Line06_Answer_IsReceiveOnly()
    {
        await using var bed = await WhipBed.StartAsync();
        Assert.Contains("a=recvonly\r\n", (await bed.PublishAsync()).Answer);
    }

    [Theory]
    [InlineData("inactive")]
    [InlineData("recvonly")]
    public async Task Line07_OfferThatCannotSend_Is422(string direction)
    {
        await using var bed = await WhipBed.StartAsync();
        using var response = await bed.Client.PostAsync("/whip", bed.NewOffer().Replace("a=sendonly", $"a={direction}"));
        await response.AssertProblemAsync(422, "P2P3304");
    }

    [Fact]
    public async Task Line10And11_Delete_EndsTheSession_WhateverIfMatchSays()
    {
        await using var bed = await WhipBed.StartAsync();
        var created = await bed.PublishAsync();
        await bed.Media.NextEventAsync(PeerSessionEventKind.Connected);
        var reading = bed.ReadUntilItFailsAsync();
        await bed.ReadFrameAsync();
        using var response = await bed.Client.SendAsync(HttpMethod.Delete, created.Location, headers: ("If-Match", "\"of somebody else\""));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await bed.Media.NextEventAsync(PeerSessionEventKind.Closed);
        Assert.Equal("P2P1020", (await reading).Code);
        Assert.Null(bed.Source.Publisher);
        using var again = await bed.Client.SendAsync(HttpMethod.Delete, created.Location);
        await again.AssertProblemAsync(404, "P2P3305");
    }

    [Fact]
    public async Task Line21_BundleAndRtcpMuxOnly_AreUnderstood()
    {
        await using var bed = await WhipBed.StartAsync();
        var offer = bed.Media.OfferToSend();
        Assert.Contains("a=group:BUNDLE 0\r\n", offer.Offer);
        using var response = await bed.Client.PostAsync("/whip", offer.Offer.Replace("a=rtcp-mux\r\n", "a=rtcp-mux\r\na=rtcp-mux-only\r\n"));
        var answer = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Contains("a=group:BUNDLE 0\r\n", answer);
        Assert.Contains("a=rtcp-mux\r\n", answer);
        bed.Media.Accept(offer, answer);
        await bed.Media.NextEventAsync(PeerSessionEventKind.Connected);
    }

    [Fact]
    public async Task Line21_WithoutBundleOrRtcpMux_Is422()
    {
        await using var bed = await WhipBed.StartAsync();
        var offer = bed.NewOffer();
        using var noMux = await bed.Client.PostAsync("/whip", offer.Replace("a=rtcp-mux\r\n", ""));
        await noMux.AssertProblemAsync(422, "P2P3304");
        using var noBundle = await bed.Client.PostAsync("/whip", offer + Second(offer, "audio", "1"));
        await noBundle.AssertProblemAsync(422, "P2P3304");
    }

    [Fact]
    public async Task Line22_TwoTracksOfAKind_OrTwoStreams_Are422()
    {
        await using var bed = await WhipBed.StartAsync();
        var offer = bed.NewOffer();
        var bundled = offer.Replace("a=group:BUNDLE 0", "a=group:BUNDLE 0 1");
        using var twoVideos = await bed.Client.PostAsync("/whip", bundled + Second(offer, "video", "1"));
        await twoVideos.AssertProblemAsync(422, "P2P3304");
        using var twoStreams = await bed.Client.PostAsync("/whip", bundled + Second(offer, "audio", "1").Replace("a=msid:p2pcam", "a=msid:another"));
        await twoStreams.AssertProblemAsync(422, "P2P3304");
    }

    [Fact]
    public async Task Line23_VideoThatCannotBeServed_FailsTheWholePost_NotOneMedia()
    {
        await using var bed = await WhipBed.StartAsync();
        using var response = await bed.Client.PostAsync("/whip", bed.NewOffer().Replace("VP8/90000", "H263/90000"));
        await response.AssertProblemAsync(422, "P2P3304");
        Assert.Null(bed.Source.Publisher);
    }

    [Fact]
    public async Task Line23_AudioBesideTheVideo_IsKept_ThoughNobodyHearsIt()
    {
        await using var bed = await WhipBed.StartAsync();
        var offer = bed.NewOffer();
        using var response = await bed.Client.PostAsync("/whip", offer.Replace("a=group:BUNDLE 0", "a=group:BUNDLE 0 1") + Second(offer, "audio", "1"));
        var answer = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Contains("a=group:BUNDLE 0 1\r\n", answer);
        Assert.Contains("m=audio 9 ", answer);
        Assert.DoesNotContain("m=audio 0 ", answer);
        Assert.Equal(2, answer.Split("a=recvonly\r\n").Length - 1);
    }

    [Theory]
    [InlineData("active", "passive")]
    [InlineData("actpass", "passive")]
    public async Task Line24_SetupActive_IsServed(string offered, string answered)
    {
        await using var bed = await WhipBed.StartAsync();
        using var response = await bed.Client.PostAsync("/whip", bed.NewOffer().Replace("a=setup:actpass", $"a=setup:{offered}"));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Contains($"a=setup:{answered}\r\n", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Line25_Ice_IsFull_AndAllCandidatesAreInTheAnswer()
    {
        await using var bed = await WhipBed.StartAsync();
        var created = await bed.PublishAsync();
        Assert.DoesNotContain("ice-lite", created.Answer);
        Assert.Contains("a=candidate:", created.Answer);
        Assert.Contains("a=end-of-candidates\r\n", created.Answer);
    }

    [Fact]
    public async Task Line30_Addresses_AreRandom()
    {
        await using var bed = await WhipBed.StartAsync();
        var seen = new HashSet<string>();
        for (var i = 0; i < 10; i++)
        {
            using var response = await bed.Client.PostAsync("/whip?takeover=1", bed.NewOffer());
            var id = response.SessionPath().Split('/')[^1];
            Assert.Equal(32, id.Length);
            Assert.True(seen.Add(id));
        }
    }

    [Fact]
    public async Task Line32_NoExtension_IsAnnouncedOrRequired()
    {
        await using var bed = await WhipBed.StartAsync();
        using var response = await bed.Client.PostAsync("/whip", bed.NewOffer());
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.False(response.Headers.Contains("Link"));
    }

    [Fact]
    public async Task Line33_SimulcastIsAnswered_AsRfc8853Says()
    {
        await using var bed = await WhipBed.StartAsync();
        var offer = bed.NewOffer() + "a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\na=rid:h send\r\na=rid:l send\r\na=simulcast:send h;l\r\n";
        using var response = await bed.Client.PostAsync("/whip", offer);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Contains("a=rid:h recv\r\na=rid:l recv\r\n", answer);
        Assert.Contains("a=simulcast:recv h;l\r\n", answer);
    }

    [Fact]
    public async Task StreamWithoutBrowserCamera_Is404()
    {
        await using var bed = await WhipBed.StartAsync();
        using var response = await bed.Client.PostAsync("/whip/garden", bed.NewOffer());
        await response.AssertProblemAsync(404, "P2P3315");
    }

    /// <summary>Another media like the offer's, to be put behind it.</summary>
    private static string Second(string offer, string kind, string mid) =>
        offer[offer.IndexOf("m=video", StringComparison.Ordinal)..].Replace("m=video", $"m={kind}").Replace("a=mid:0", $"a=mid:{mid}");
}
