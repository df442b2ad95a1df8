using System.Net;
using System.Text.RegularExpressions;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.AspNetCore.Tests.Whip;

/// <summary>PATCH: candidates that come later, and restarts.</summary>
public partial class WhepSessionTests
{
    private const string Candidate = "a=candidate:1 1 udp 2130706431 127.0.0.1 9 typ host\r\n";

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/sdp")]
    public async Task Line12_PatchOfAnotherType_Is415(string type)
    {
        await using var bed = await WhepBed.StartAsync();
        var created = await bed.WatchAsync();
        using var response = await bed.Client.PatchAsync(created.Location, Trickle(created), created.Tag, type);
        await response.AssertProblemAsync(415, "P2P3308");
        Assert.Equal(WhipRequests.Fragment, response.Headers.GetValues("Accept-Patch").Single());
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is no fragment")]
    [InlineData("a=ice-ufrag:abcd\r\n")]
    [InlineData("a=mid:0\r\n")]
    public async Task Line12_MalformedPatch_Is400(string body)
    {
        await using var bed = await WhepBed.StartAsync();
        var created = await bed.WatchAsync();
        using var response = await bed.Client.PatchAsync(created.Location, body, created.Tag);
        await response.AssertProblemAsync(400, "P2P3308");
    }

    [Fact]
    public async Task Line13And16_Trickle_Is204_WithoutBodyAndTag()
    {
        await using var bed = await WhepBed.StartAsync();
        var created = await bed.WatchAsync();
        using var response = await bed.Client.PatchAsync(created.Location, Trickle(created), created.Tag);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.False(response.Headers.Contains("ETag"));
    }

    [Fact]
    public async Task Line14_TagsAreStrong_AndDifferBetweenSessions()
    {
        await using var bed = await WhepBed.StartAsync();
        var first = await bed.WatchAsync();
        using var second = await bed.Client.PostAsync("/whep", bed.NewOffer());
        Assert.Matches("^\"[0-9a-f]{32}\"$", first.Tag);
        Assert.Matches("^\"[0-9a-f]{32}\"$", second.Tag());
        Assert.NotEqual(first.Tag, second.Tag());
    }

    [Fact]
    public async Task Line15_IfMatchMissing_Is428_AndAnother_Is412()
    {
        await using var bed = await WhepBed.StartAsync();
        var created = await bed.WatchAsync();
        using var missing = await bed.Client.PatchAsync(created.Location, "a=end-of-candidates\r\n", null);
        await missing.AssertProblemAsync(428, "P2P3306");
        var others = Trickle(created).Replace("a=ice-pwd:", "a=ice-pwd:x");
        using var restart = await bed.Client.PatchAsync(created.Location, others, null);
        await restart.AssertProblemAsync(428, "P2P3306");
        using var other = await bed.Client.PatchAsync(created.Location, Trickle(created), "\"0123\"");
        await other.AssertProblemAsync(412, "P2P3307");
        using var weak = await bed.Client.PatchAsync(created.Location, Trickle(created), "W/" + created.Tag);
        await weak.AssertProblemAsync(412, "P2P3307");
    }

    // npm's whip-whep sends so, and gives up in the page when it is refused. The credentials say which ICE session it is as well as the tag does.
    [Fact]
    public async Task TrickleWithoutIfMatch_ButWithTheSessionsCredentials_IsTaken()
    {
        await using var bed = await WhepBed.StartAsync();
        var created = await bed.WatchAsync();
        using var taken = await bed.Client.PatchAsync(created.Location, Trickle(created), null, "Application/Trickle-ICE-SDPFrag; charset=utf-8");
        Assert.Equal(HttpStatusCode.NoContent, taken.StatusCode);
        await bed.Media.NextFrameAsync();
    }

    [Fact]
    public async Task Line17_CandidatesOfNoUse_AreDiscardedInSilence()
    {
        await using var bed = await WhepBed.StartAsync();
        var created = await bed.WatchAsync();
        await bed.Media.NextEventAsync(PeerSessionEventKind.Connected);
        var odd = "a=candidate:1 1 udp 1 never-there.local 9 typ host\r\na=candidate:2 1 tcp 1 127.0.0.1 9 typ host tcptype active\r\na=candidate:nonsense\r\na=candidate:3 1 sctp 1 1.2.3.4 5 typ host\r\n";
        using var response = await bed.Client.PatchAsync(created.Location, Credentials(created.Offer) + "m=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n" + odd + "a=end-of-candidates\r\n", created.Tag);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        await bed.Media.NextFrameAsync();
    }

    [Fact]
    public async Task Trickle_ViewerWithoutCandidatesInItsOffer_ConnectsByThoseOfAPatch()
    {
        await using var bed = await WhepBed.StartAsync();
        var offer = bed.Media.OfferToReceive();
        var candidates = string.Concat(CandidateLines().Matches(offer.Offer).Select(match => match.Value));
        using var created = await bed.Client.PostAsync("/whep", CandidateLines().Replace(offer.Offer, ""));
        using var response = await bed.Client.PatchAsync(created.SessionPath(), Credentials(offer.Offer) + candidates, created.Tag());
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        bed.Media.Accept(offer, await created.Content.ReadAsStringAsync());
        await bed.Media.NextEventAsync(PeerSessionEventKind.Connected);
    }

    [Fact]
    public async Task SessionOfAToken_TakesThatTokenOnly()
    {
        await using var bed = await WhepBed.StartAsync(options => options.ViewerPin = "4711");
        var created = await bed.WatchAsync(token: "4711");
        using var none = await bed.Client.SendAsync(HttpMethod.Delete, created.Location);
        await none.AssertProblemAsync(401, "P2P3313");
        using var other = await bed.Client.PatchAsync(created.Location, Trickle(created), created.Tag, token: "4712");
        await other.AssertProblemAsync(401, "P2P3313");
        using var right = await bed.Client.SendAsync(HttpMethod.Delete, created.Location, token: "4711");
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    private static string Trickle(Created created) => Credentials(created.Offer) + "m=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n" + Candidate;

    internal static string Credentials(string sdp) => IceUfrag().Match(sdp).Value + IcePassword().Match(sdp).Value;

    [GeneratedRegex("a=candidate:.*\r\n|a=end-of-candidates\r\n")]
    private static partial Regex CandidateLines();

    [GeneratedRegex("a=ice-ufrag:.*\r\n")]
    private static partial Regex IceUfrag();

    [GeneratedRegex("a=ice-pwd:.*\r\n")]
    private static partial Regex IcePassword();
}
