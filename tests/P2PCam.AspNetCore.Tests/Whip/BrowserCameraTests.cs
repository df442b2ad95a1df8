using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.AspNetCore.Tests.Whip;

/// <summary>From who publishes to who watches, as a program would set it up: nothing is encoded on the way.</summary>
public class BrowserCameraTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task WhatIsPublished_IsWatched_AndTheViewerStaysThroughTheNextPublisher()
    {
        await using var host = await LoopbackHost.StartAsync(services: services => services.AddP2PBroadcaster("default", options =>
        {
            options.MediaPort = 0;
            options.MediaAddresses.Add(IPAddress.Loopback);
        }).UseBrowserCamera(options => options.MediaAddresses.Add(IPAddress.Loopback)));
        var broadcaster = host.App.Services.GetRequiredService<IBroadcaster>();

        await using var first = new MediaPeer();
        using var firstStop = new CancellationTokenSource();
        var (firstLocation, firstSending) = await PublishAsync(host, first, firstStop.Token);
        await using var viewer = new MediaPeer();
        var offer = viewer.OfferToReceive();
        using (var created = await host.Client.PostAsync("/whep", offer.Offer))
        {
            Assert.Equal(HttpStatusCode.Created, created.StatusCode);
            viewer.Accept(offer, await created.Content.ReadAsStringAsync());
        }

        await viewer.NextEventAsync(PeerSessionEventKind.Connected);
        await WaitForRelayedAsync(broadcaster, 20);
        await WaitForStateAsync(host, "live");
        using (var delete = await host.Client.SendAsync(HttpMethod.Delete, firstLocation))
        {
            Assert.Equal(HttpStatusCode.OK, delete.StatusCode);
        }

        await firstStop.CancelAsync();
        await firstSending;
        await WaitForStateAsync(host, "slate");

        var before = broadcaster.Statistics.FramesRelayed;
        await using var second = new MediaPeer();
        using var secondStop = new CancellationTokenSource();
        var (_, secondSending) = await PublishAsync(host, second, secondStop.Token);
        await WaitForRelayedAsync(broadcaster, before + 20);
        await WaitForStateAsync(host, "live");
        Assert.Equal(ViewerConnectionState.Connected, Assert.Single(broadcaster.Viewers).State);
        Assert.Equal(0, broadcaster.Statistics.FramesEncoded);
        await secondStop.CancelAsync();
        await secondSending;
    }

    [Fact]
    public async Task PublisherIsAskedFirst_ForWhatMostViewersCanDecode()
    {
        await using var host = await LoopbackHost.StartAsync(services: services => services.AddP2PBroadcaster("default", options =>
        {
            options.MediaPort = 0;
            options.MediaAddresses.Add(IPAddress.Loopback);
        }).UseBrowserCamera(options => options.MediaAddresses.Add(IPAddress.Loopback)));

        await using var first = new MediaPeer();
        using var stop = new CancellationTokenSource();
        var (_, sending) = await PublishAsync(host, "/whip", first, first.OfferToSend(RtpVideoCodec.Vp8, RtpVideoCodec.H264), stop.Token);
        await WaitForStatusAsync(host, status => status.GetProperty("publisher").GetProperty("codec").GetString() == "VP8");
        await using var viewer = new MediaPeer();
        var offer = viewer.OfferToReceive(RtpVideoCodec.H264);
        using var watching = await host.Client.PostAsync("/whep", offer.Offer);
        Assert.Equal(HttpStatusCode.Created, watching.StatusCode);
        await WaitForStatusAsync(host, status => status.GetProperty("publisher").GetProperty("betterCodec").GetString() == "H264");

        // One that cannot do it is not asked to.
        await using var second = new MediaPeer();
        using (var created = await host.Client.PostAsync("/whip?takeover=1", second.OfferToSend(RtpVideoCodec.Vp8, RtpVideoCodec.H264).Offer))
        {
            Assert.Matches(@"\na=rtpmap:(\d+) H264/90000\r\n(.|\n)*\na=rtpmap:\d+ VP8/90000\r\n", await created.Content.ReadAsStringAsync());
        }

        await stop.CancelAsync();
        await sending;
        await using var third = new MediaPeer();
        using var thirdStop = new CancellationTokenSource();
        (_, sending) = await PublishAsync(host, "/whip?takeover=1", third, third.OfferToSend(RtpVideoCodec.Vp8), thirdStop.Token);
        await WaitForStatusAsync(host, status => status.GetProperty("publisher").GetProperty("codec").GetString() == "VP8");
        await WaitForStatusAsync(host, status => status.GetProperty("publisher").GetProperty("betterCodec").ValueKind == JsonValueKind.Null);
        await thirdStop.CancelAsync();
        await sending;
    }

    private static Task<(string Location, Task Sending)> PublishAsync(LoopbackHost host, MediaPeer media, CancellationToken until) =>
        PublishAsync(host, "/whip", media, media.OfferToSend(), until);

    private static async Task<(string Location, Task Sending)> PublishAsync(LoopbackHost host, string path, MediaPeer media, PendingOffer offer, CancellationToken until)
    {
        using var response = await host.Client.PostAsync(path, offer.Offer);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        media.Accept(offer, await response.Content.ReadAsStringAsync(CancellationToken.None));
        return (response.SessionPath(), media.SendAsync(until));
    }

    private static async Task WaitForRelayedAsync(IBroadcaster broadcaster, long frames)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (broadcaster.Statistics.FramesRelayed < frames)
        {
            await Task.Delay(20, limit.Token);
        }
    }

    private static Task WaitForStateAsync(LoopbackHost host, string state) => WaitForStatusAsync(host, status => status.GetProperty("state").GetString() == state);

    private static async Task WaitForStatusAsync(LoopbackHost host, Func<JsonElement, bool> isRight)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            using var status = JsonDocument.Parse(await host.Client.GetStringAsync("/camera/status", limit.Token));
            if (isRight(status.RootElement))
            {
                return;
            }

            await Task.Delay(20, limit.Token);
        }
    }
}
