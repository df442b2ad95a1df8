using System.Net;
using System.Text.RegularExpressions;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.AspNetCore.Tests.Whip;

/// <summary>PATCH of a session that publishes.</summary>
public partial class WhipSessionTests
{
    [Fact]
    public async Task Line12_OtherTypeOrMalformed_Is4xx()
    {
        await using var bed = await WhipBed.StartAsync();
        var created = await bed.PublishAsync();
        using var type = await bed.Client.PatchAsync(created.Location, "a=end-of-candidates\r\n", created.Tag, "text/plain");
        await type.AssertProblemAsync(415, "P2P3308");
        using var malformed = await bed.Client.PatchAsync(created.Location, "nothing of that kind", created.Tag);
        await malformed.AssertProblemAsync(400, "P2P3308");
    }

    [Fact]
    public async Task Line13And16_PublisherWithoutCandidatesInItsOffer_ConnectsByThoseOfAPatch()
    {
        await using var bed = await WhipBed.StartAsync();
        var offer = bed.Media.OfferToSend();
        var candidates = string.Concat(CandidateLines().Matches(offer.Offer).Select(match => match.Value));
        using var created = await bed.Client.PostAsync("/whip", CandidateLines().Replace(offer.Offer, ""));
        using var response = await bed.Client.PatchAsync(created.SessionPath(), WhepSessionTests.Credentials(offer.Offer) + candidates, created.Tag());
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.False(response.Headers.Contains("ETag"));
        bed.Media.Accept(offer, await created.Content.ReadAsStringAsync());
        await bed.Media.NextEventAsync(PeerSessionEventKind.Connected);
    }

    [Fact]
    public async Task Line15_IfMatchMissing_Is428_AndAnother_Is412()
    {
        await using var bed = await WhipBed.StartAsync();
        var created = await bed.PublishAsync();
        using var missing = await bed.Client.PatchAsync(created.Location, "a=end-of-candidates\r\n", null);
        await missing.AssertProblemAsync(428, "P2P3306");
        using var other = await bed.Client.PatchAsync(created.Location, "a=end-of-candidates\r\n", "\"0123\"");
        await other.AssertProblemAsync(412, "P2P3307");
        using var several = await bed.Client.PatchAsync(created.Location, "a=end-of-candidates\r\n", $"\"0123\", {created.Tag}");
        Assert.Equal(HttpStatusCode.NoContent, several.StatusCode);
    }

    [GeneratedRegex("a=candidate:.*\r\n|a=end-of-candidates\r\n")]
    private static partial Regex CandidateLines();
}
