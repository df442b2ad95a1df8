using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using P2PCam.Broadcasting;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.Tests.Diagnostics;

public class LogTests
{
    [Fact]
    public async Task ASessionFromOfferToFarewell_LogsNoSdpAndNoAddressAtInformation()
    {
        using var provider = new FakeLoggerProvider();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(provider).SetMinimumLevel(LogLevel.Trace));
        await using var rig = new BroadcastRig(configure: options => options.MaxViewers = 1, loggers: loggers);
        await rig.Broadcaster.StartAsync();
        var signaling = rig.Signaling.CreateTransport();
        await using var refused = await Tests.Broadcasting.TestViewer.JoinAsync(signaling, rig.Stream);
        await signaling.SendAsync(new OfferMessage("v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"));
        await refused.NextAsync<ErrorMessage>();
        await using var viewer = await rig.WatchAsync();
        await viewer.NextFrameAsync();
        await signaling.SendAsync(new OfferMessage("v=0"));
        await refused.NextAsync<ErrorMessage>();
        viewer.Close();
        await viewer.NextEventAsync(PeerSessionEventKind.Closed);
        await rig.Broadcaster.StopAsync();

        var records = provider.Collector.GetSnapshot();
        var told = records.Where(record => record.Level >= LogLevel.Information).ToList();
        Assert.Equal([1001, 1502, 1503, 1504, 1911], told.Select(record => record.Id.Id).Distinct().Order());
        Assert.DoesNotContain(told, record => record.Message.Contains("v=0", StringComparison.Ordinal) || record.Message.Contains("candidate", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(told, record => System.Text.RegularExpressions.Regex.IsMatch(record.Message, @"\d+\.\d+\.\d+\.\d+|[0-9a-f]*::"));
    }

    [Theory]
    [InlineData(null, "left")]
    [InlineData(" \r\n", "left")]
    [InlineData("closed the page", "closed the page")]
    [InlineData("a\r\nerror: forged line", "a  error: forged line")]
    public void WhatAPeerSaysInItsBye_IsOneLine(string? said, string expected) => Assert.Equal(expected, CloseReasons.FromPeer(said));

    [Fact]
    public void WhatAPeerSaysInItsBye_IsCutShort() => Assert.Equal(100, CloseReasons.FromPeer(new string('x', 60_000)).Length);
}
