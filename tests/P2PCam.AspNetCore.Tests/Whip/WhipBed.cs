using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using P2PCam.Hosting;

namespace P2PCam.AspNetCore.Tests.Whip;

/// <summary>A host whose camera is a browser, and a client that publishes to it.</summary>
internal sealed class WhipBed : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly CancellationTokenSource _sending = new();
    private readonly List<Task> _senders = [];

    private WhipBed(LoopbackHost host) => Host = host;

    public LoopbackHost Host { get; }

    public HttpClient Client => Host.Client;

    public BrowserCameraSource Source => Host.App.Services.GetRequiredService<BrowserCameraSource>();

    public MediaPeer Media { get; } = new();

    /// <summary>Starts one. A busy machine stops all threads for a second now and then, so the camera bears a minute of silence unless silence is what is tested.</summary>
    public static async Task<WhipBed> StartAsync(Action<P2PCamEndpointOptions>? configure = null, Action<IServiceCollection>? services = null, string pattern = "", TimeProvider? timeProvider = null, TimeSpan? stallTimeout = null)
    {
        var host = await LoopbackHost.StartAsync(
            configure,
            timeProvider,
            pattern,
            all =>
            {
                all.AddP2PBroadcaster("default", options =>
                {
                    options.MediaPort = 0;
                    options.MediaAddresses.Add(IPAddress.Loopback);
                }).UseTestPattern(320, 180);

                // What UseBrowserCamera registers, without a broadcaster that reads it: here the tests do.
                all.AddSingleton(new BrowserCameraRegistration("default"));
                all.AddKeyedSingleton("default", (provider, _) => new BrowserCameraSource(
                    new BrowserCameraOptions { MediaAddresses = { IPAddress.Loopback }, StallTimeout = stallTimeout ?? Limit }, null, provider.GetRequiredService<ILoggerFactory>()));
                all.AddSingleton(provider => provider.GetRequiredKeyedService<BrowserCameraSource>("default"));
                services?.Invoke(all);
            });
        return new WhipBed(host);
    }

    public string NewOffer() => Media.OfferToSend().Offer;

    /// <summary>Posts an offer, expects a session, and sends frames.</summary>
    public async Task<Created> PublishAsync(string path = "/whip", string? token = null, MediaPeer? by = null, CancellationToken until = default)
    {
        var media = by ?? Media;
        var offer = media.OfferToSend();
        using var response = await Client.PostAsync(path, offer.Offer, token: token);
        var answer = await response.Content.ReadAsStringAsync(CancellationToken.None);
        Assert.True(response.StatusCode == HttpStatusCode.Created, $"{response.StatusCode}: {answer}");
        media.Accept(offer, answer);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(until, _sending.Token);
        _senders.Add(media.SendAsync(stop.Token));
        return new Created(response.SessionPath(), response.Tag(), offer.Offer, answer);
    }

    public async ValueTask DisposeAsync()
    {
        await _sending.CancelAsync();
        await Task.WhenAll(_senders);
        await Media.DisposeAsync();
        await Host.DisposeAsync();
    }
}
