using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace P2PCam.AspNetCore.Tests.Whip;

/// <summary>A host with a camera that shows the test pattern, and a client that knows no more than HTTP.</summary>
internal sealed class WhepBed : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private WhepBed(LoopbackHost host, IBroadcaster broadcaster) => (Host, Broadcaster) = (host, broadcaster);

    public LoopbackHost Host { get; }

    public HttpClient Client => Host.Client;

    public IBroadcaster Broadcaster { get; }

    public MediaPeer Media { get; } = new();

    public static async Task<WhepBed> StartAsync(
        Action<P2PCamEndpointOptions>? configure = null, Action<BroadcasterOptions>? camera = null, string pattern = "", Action<IServiceCollection>? services = null, TimeProvider? timeProvider = null,
        Action<WebApplicationBuilder>? prepare = null)
    {
        var host = await LoopbackHost.StartAsync(configure, timeProvider, pattern, services, prepare);
        var options = new BroadcasterOptions { MediaPort = 0, MediaAddresses = { IPAddress.Loopback } };
        camera?.Invoke(options);
        var broadcaster = P2PCam.Broadcaster.Create(new TestPatternSource(320, 180), host.Hub.CreateTransport(), options);
        await broadcaster.StartAsync();
        return new WhepBed(host, broadcaster);
    }

    public string NewOffer() => Media.OfferToReceive().Offer;

    /// <summary>Posts an offer, and expects a session.</summary>
    public async Task<Created> WatchAsync(string path = "/whep", string? token = null)
    {
        var offer = Media.OfferToReceive();
        using var response = await Client.PostAsync(path, offer.Offer, token: token);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Created, $"{response.StatusCode}: {answer}");
        Media.Accept(offer, answer);
        return new Created(response.SessionPath(), response.Tag(), offer.Offer, answer);
    }

    public async Task WaitForViewersAsync(int count)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (Broadcaster.Viewers.Count != count)
        {
            await Task.Delay(20, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Media.DisposeAsync();
        await Broadcaster.DisposeAsync();
        await Host.DisposeAsync();
    }
}

/// <summary>What a 201 gave.</summary>
internal sealed record Created(string Location, string Tag, string Offer, string Answer);
