using System.Net;
using P2PCam.TestKit;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.AspNetCore.Tests.Whip;

/// <summary>Offers as they were met in the field, posted as they are (from ../shared/cases where that is), and the same made from our own.</summary>
public class FieldOfferTests
{
    [CasesTheory]
    [InlineData("whep", "offer-whep-bundle-only-jsep.sdp")]
    [InlineData("whep", "offer-whep-ufrag-base64url.sdp")]
    [InlineData("whep", "offer-whep-ufrag-zlm.sdp")]
    [InlineData("whep", "offer-whep-mid-trailing-space.sdp")]
    [InlineData("whep", "offer-whep-setup-passive-trailing-space.sdp")]
    [InlineData("whip", "offer-whip-bundle-only-jsep.sdp")]
    [InlineData("whip", "offer-whip-rtcp-mux-only-alone.sdp")]
    public async Task OfferFromTheField_IsAnswered(string endpoint, string name)
    {
        var offer = await File.ReadAllTextAsync(Repository.Case($"sdp/{name}"));
        AssertAnswers(offer, await PostAsync(endpoint, offer));
    }

    [Theory]
    [InlineData("a=rtcp-mux\r\n", "a=rtcp-mux-only\r\n")]
    [InlineData("a=mid:0\r\n", "a=mid:0 \r\n")]
    [InlineData("a=rtcp-mux\r\n", "a=rtcp-mux \r\n")]
    [InlineData("a=setup:actpass\r\n", "a=setup:passive \r\n")]
    [InlineData("a=setup:actpass\r\n", "a=setup:Passive\r\n")]
    [InlineData("\r\n", "\n")]
    [InlineData("\r\n", "\t\r\n")]
    [InlineData("a=group:BUNDLE 0\r\n", "a=group:BUNDLE 0 1\r\n")]
    [InlineData("UDP/TLS/RTP/SAVPF", "UDP/TLS/RTP/SAVP")]
    [InlineData("m=video", "m=Video")]
    [InlineData("a=mid:0\r\n", "a= mid:0\r\n")]
    public async Task OfferWrittenOtherwise_IsAnswered(string replaced, string by)
    {
        foreach (var endpoint in new[] { "whip", "whep" })
        {
            await using var media = new MediaPeer();
            var offer = endpoint == "whip" ? media.OfferToSend().Offer : media.OfferToReceive().Offer;
            Assert.Contains(replaced, offer);
            offer = offer.Replace(replaced, by);
            AssertAnswers(offer, await PostAsync(endpoint, offer));
        }
    }

    // A media with port 0 is in no bundle and has no transport (RFC 9143 section 7.2.2).
    [Theory]
    [InlineData("whip", "")]
    [InlineData("whip", "a=inactive\r\n")]
    [InlineData("whep", "a=mid:9\r\n")]
    [InlineData("whep", "a=mid:9\r\na=inactive\r\na=msid:other track\r\n")]
    public async Task AudioThatTheOfferItselfRefuses_DoesNotCostTheVideo(string endpoint, string lines)
    {
        await using var media = new MediaPeer();
        var offer = endpoint == "whip" ? media.OfferToSend().Offer : media.OfferToReceive().Offer;
        offer = offer.Replace("m=video", $"m=audio 0 UDP/TLS/RTP/SAVPF 0\r\n{lines}m=video");
        var answer = await PostAsync(endpoint, offer);
        Assert.Contains("m=audio 0 ", answer);
        Assert.Contains("a=group:BUNDLE 0\r\n", answer);
    }

    [Theory]
    [InlineData("whip")]
    [InlineData("whep")]
    public async Task AudioInFrontOfABundleOnlyVideo_KeepsTheTransport_AndThePictureComes(string endpoint)
    {
        if (endpoint == "whip")
        {
            await using var bed = await WhipBed.StartAsync();
            var pending = bed.Media.OfferToSend();
            using var response = await bed.Client.PostAsync("/whip", WithAudioInFront(pending.Offer));
            bed.Media.Accept(pending, WithoutAudio(await ReadAsync(response)));
            await bed.Media.NextEventAsync(PeerSessionEventKind.Connected);
        }
        else
        {
            await using var bed = await WhepBed.StartAsync();
            var pending = bed.Media.OfferToReceive();
            using var response = await bed.Client.PostAsync("/whep", WithAudioInFront(pending.Offer));
            bed.Media.Accept(pending, WithoutAudio(await ReadAsync(response)));
            await bed.Media.NextFrameAsync();
        }
    }

    // The credentials and candidates of a PATCH are those of the audio, which has the transport.
    [Theory]
    [InlineData("whip")]
    [InlineData("whep")]
    public async Task AudioInFrontOfABundleOnlyVideo_MayRestartIce(string endpoint)
    {
        await using IAsyncDisposable bed = endpoint == "whip" ? await WhipBed.StartAsync() : await WhepBed.StartAsync();
        var (client, media) = bed is WhipBed whip ? (whip.Client, whip.Media) : (((WhepBed)bed).Client, ((WhepBed)bed).Media);
        var pending = endpoint == "whip" ? media.OfferToSend() : media.OfferToReceive();
        var offer = WithAudioInFront(pending.Offer);
        using var response = await client.PostAsync($"/{endpoint}", offer);
        var answer = await ReadAsync(response);
        media.Accept(pending, WithoutAudio(answer));
        await media.NextEventAsync(PeerSessionEventKind.Connected);
        var (restarted, fragment) = await RestartTests.RestartAsync(client, media, new Created(response.Headers.Location!.OriginalString, response.Tag(), offer, answer));
        using (restarted)
        {
            Assert.DoesNotContain(WhepSessionTests.Credentials(answer), fragment);
            await media.NextEventAsync(PeerSessionEventKind.IceRestarted);
        }
    }

    [Theory]
    [InlineData("Application/SDP")]
    [InlineData("application/sdp; charset=utf-8")]
    [InlineData("application/sdp;")]
    public async Task MediaTypeOfAnOffer_IsReadWithoutCaseAndParameters(string type)
    {
        await using var bed = await WhepBed.StartAsync();
        using var response = await bed.Client.PostAsync("/whep", bed.NewOffer(), type);
        await ReadAsync(response);
    }

    [Fact]
    public async Task MediaInDifferentBundles_Are422()
    {
        await using var bed = await WhepBed.StartAsync();
        var offer = WithAudioInFront(bed.NewOffer()).Replace("a=group:BUNDLE a 0\r\n", "a=group:BUNDLE a\r\na=group:BUNDLE 0\r\n");
        using var response = await bed.Client.PostAsync("/whep", offer);
        await response.AssertProblemAsync(422, "P2P3304");
    }

    private static async Task<string> PostAsync(string endpoint, string offer)
    {
        if (endpoint == "whip")
        {
            await using var bed = await WhipBed.StartAsync();
            using var response = await bed.Client.PostAsync("/whip", offer);
            return await ReadAsync(response);
        }

        await using var watched = await WhepBed.StartAsync();
        using var answer = await watched.Client.PostAsync("/whep", offer);
        return await ReadAsync(answer);
    }

    private static async Task<string> ReadAsync(HttpResponseMessage response)
    {
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Created, $"{response.StatusCode}: {answer}");
        return answer;
    }

    private static void AssertAnswers(string offer, string answer)
    {
        var passive = offer.Contains("a=setup:passive", StringComparison.OrdinalIgnoreCase);
        Assert.Contains(passive ? "a=setup:active\r\n" : "a=setup:passive\r\n", answer);
        Assert.DoesNotContain(passive ? "a=setup:passive" : "a=setup:active", answer);
        Assert.Contains(offer.Contains("m=audio") ? "a=group:BUNDLE 0 1\r\n" : "a=group:BUNDLE 0\r\n", answer);
        Assert.Equal(offer.Split("m=").Length, answer.Split("a=ice-ufrag:").Length);
        Assert.Contains("a=rtcp-mux\r\n", answer);
        if (offer.Contains("m=audio"))
        {
            Assert.Contains("a=rtpmap:111 opus/48000/2\r\n", answer);
        }
    }

    /// <summary>As max-bundle writes it (RFC 9725 figure 2): the audio has the transport, and the video nothing of it.</summary>
    private static string WithAudioInFront(string offer)
    {
        var at = offer.IndexOf("m=video", StringComparison.Ordinal);
        var lines = offer[at..].Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        string[] shared = ["c=", "a=ice-", "a=fingerprint", "a=setup", "a=rtcp-mux", "a=rtcp-rsize", "a=rtcp:", "a=candidate", "a=end-of-candidates"];
        bool IsShared(string line) => shared.Any(each => line.StartsWith(each, StringComparison.Ordinal));
        var direction = lines.First(line => line is "a=sendonly" or "a=recvonly");
        return offer[..at].Replace("a=group:BUNDLE 0", "a=group:BUNDLE a 0")
            + string.Concat(lines.Where(IsShared).Prepend("m=audio 9 UDP/TLS/RTP/SAVPF 111").Concat(["a=mid:a", direction, "a=rtpmap:111 opus/48000/2"]).Select(line => $"{line}\r\n"))
            + string.Concat(lines.Where(line => !IsShared(line)).Append("a=bundle-only").Select(line => $"{line}\r\n")).Replace("m=video 9", "m=video 0");
    }

    /// <summary>The answer, for an offerer of ours that knows one media.</summary>
    private static string WithoutAudio(string answer)
    {
        Assert.Contains("a=group:BUNDLE a 0\r\n", answer);
        var (audio, video) = (answer.IndexOf("m=audio", StringComparison.Ordinal), answer.IndexOf("m=video", StringComparison.Ordinal));
        Assert.InRange(audio, 0, video);
        Assert.StartsWith("m=audio 9 ", answer[audio..]);
        return answer[..audio] + answer[video..];
    }
}
