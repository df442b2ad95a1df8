using System.Net;
using System.Text.Json;
using P2PCam.TestKit;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.AspNetCore.Tests.Whip;

/// <summary>H.264 by WHIP: what pass-through takes is taken here, what it refuses is refused here, with the same words.</summary>
public class WhipH264Tests
{
    private static readonly byte[] Pps = [0x68, 0xCE, 0x3C, 0x80];
    private static readonly byte[] Idr = [0x65, 0x88, 0x84, 0x21, 0xA0, 0x33];
    private static readonly byte[] Predicted = [0x41, 0x9A, 0x24, 0x66, 0x55];
    private static readonly byte[] Bidirectional = [0x01, 0xA8, 0x24, 0x66, 0x55]; // slice_type 1

    [CasesTheory]
    [InlineData("offer-whip-h-264-only-as-4d0029.sdp", "4d0029")]
    [InlineData("offer-whip-h-264-only-as-640028.sdp", "640028")]
    [InlineData("offer-whip-h-264-only-as-640c1f.sdp", "640c1f")]
    public async Task Offer_OfMainOrHighAlone_IsAnsweredWithItsProfile(string file, string profile)
    {
        await using var bed = await WhipBed.StartAsync();
        using var response = await bed.Client.PostAsync("/whip", await File.ReadAllTextAsync(Repository.Case($"sdp/{file}")));
        var answer = await response.Content.ReadAsStringAsync();

        Assert.True(response.StatusCode == HttpStatusCode.Created, answer);
        Assert.Contains($"profile-level-id={profile}", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x42, 0xC0, "Constrained Baseline")]
    [InlineData(0x4D, 0x00, "Main")]
    public async Task Stream_ThatViewersPlay_IsPassedOn_AndItsProfileIsTold(byte profile, byte constraints, string name)
    {
        await using var bed = await WhipBed.StartAsync();
        var sending = await PublishAsync(bed, [Sps(profile, constraints), Pps, Idr], [Predicted], [Predicted]);
        var count = 0;
        await foreach (var frame in bed.Source.ReadFramesAsync().WithCancellation(sending.Token))
        {
            frame.Dispose();
            if (++count == 20)
            {
                break;
            }
        }

        Assert.Equal(name, bed.Source.Publisher!.Profile);
        Assert.Null(bed.Source.Refusal);
        await sending.CancelAsync();
    }

    [Theory]
    [InlineData(0x4D, 0x00, true, "B-frames")]
    [InlineData(0x6E, 0x00, false, "High 10")]
    [InlineData(0x58, 0x00, false, "Extended")]
    public async Task Stream_ThatViewersDoNotPlay_EndsItsSession_AndEverybodyIsToldWhy(byte profile, byte constraints, bool hasB, string words)
    {
        await using var bed = await WhipBed.StartAsync();
        var reading = ReadToEndAsync(bed.Source);
        var sending = await PublishAsync(bed, [Sps(profile, constraints), Pps, Idr], [Predicted], [hasB ? Bidirectional : Predicted]);

        var error = await Assert.ThrowsAsync<VideoSourceException>(() => reading.WaitAsync(WhipBed.Limit));
        Assert.Equal("P2P1022", error.Code);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal(PeerSessionCloseReason.PeerClosed, (await bed.Media.NextEventAsync(PeerSessionEventKind.Closed)).Reason);
        await sending.CancelAsync();

        using var status = JsonDocument.Parse(await (await bed.Client.GetAsync("/camera/status")).Content.ReadAsStringAsync());
        Assert.Contains(words, status.RootElement.GetProperty("refusal").GetString(), StringComparison.Ordinal);
        Assert.Matches($"turned away: its H.264 .*{words}", bed.Host.Logs.AllText);
    }

    private static byte[] Sps(byte profile, byte constraints) => profile == 0x6E

        // The same with chroma_format_idc 1, 10 bits, no scaling lists before it.
        ? [0x67, profile, constraints, 0x1F, 0xA6, 0xCD, 0x94, 0x05, 0x01, 0xE9, 0x00, 0xF0, 0x88, 0x46, 0xA0]
        : [0x67, profile, constraints, 0x1F, 0x8C, 0x8D, 0x40, 0x50, 0x1E, 0x90, 0x0F, 0x08, 0x84, 0x6A];

    private static async Task ReadToEndAsync(BrowserCameraSource source)
    {
        await foreach (var frame in source.ReadFramesAsync())
        {
            frame.Dispose();
        }
    }

    /// <summary>Publishes access units in turn, the first, a key frame, once in each round.</summary>
    private static async Task<CancellationTokenSource> PublishAsync(WhipBed bed, params byte[][][] units)
    {
        var offer = bed.Media.OfferToSend(RtpVideoCodec.H264);
        using var response = await bed.Client.PostAsync("/whip", offer.Offer);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        bed.Media.Accept(offer, await response.Content.ReadAsStringAsync());
        var stop = new CancellationTokenSource(WhipBed.Limit);
        _ = SendAsync(bed.Media, units, stop.Token);
        return stop;
    }

    private static async Task SendAsync(MediaPeer media, byte[][][] units, CancellationToken cancellationToken)
    {
        var packetizer = new H264Packetizer();
        using var clock = new PeriodicTimer(TimeSpan.FromMilliseconds(33));
        for (var number = 0u; !cancellationToken.IsCancellationRequested; number++)
        {
            var unit = units[number % units.Length].SelectMany(nal => (byte[])[0, 0, 0, 1, .. nal]).ToArray();
            media.Loop.PostFrame(packetizer.Packetize(unit, new FrameInfo(number % units.Length == 0, number * 3000, media.Loop.Now)));
            try
            {
                await clock.WaitForNextTickAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
