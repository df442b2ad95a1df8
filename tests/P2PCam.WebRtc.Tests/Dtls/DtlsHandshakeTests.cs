using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Srtp;

namespace P2PCam.WebRtc.Tests.Dtls;

/// <summary>Our client against our server, over good and bad links.</summary>
public sealed class DtlsHandshakeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.AeadAes256Gcm)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1_80)]
    public void Handshake_GoodLink_GivesBothSidesTheSameKeysInTwoRoundTrips(object profile)
    {
        using var network = new DtlsNetwork(client: options => options with { SrtpProfiles = [(SrtpProfile)profile] });
        network.Start();
        network.Run(Limit);

        using var client = Assert.Single(network.ClientEvents).Keys!;
        using var server = Assert.Single(network.ServerEvents).Keys!;
        Assert.Equal((SrtpProfile)profile, client.Profile);
        Assert.Equal((SrtpProfile)profile, server.Profile);
        Assert.True(client.LocalMasterKey.SequenceEqual(server.RemoteMasterKey));
        Assert.True(client.RemoteMasterSalt.SequenceEqual(server.LocalMasterSalt));
        Assert.False(client.LocalMasterKey.SequenceEqual(client.RemoteMasterKey));
        Assert.Equal(TimeSpan.FromMilliseconds(20), network.Now);
        Assert.Equal(TimeSpan.MaxValue, network.Server.NextTimeout);

        using var sender = server.CreateSender();
        using var receiver = client.CreateReceiver();
        var packet = new byte[100 + sender.RtpOverhead];
        packet[0] = 0x80;
        Assert.Equal(packet.Length, sender.ProtectRtp(packet, 12, new byte[88]));
        Assert.Equal(SrtpResult.Ok, receiver.UnprotectRtp(packet, out _));
    }

    [Fact]
    public void Handshake_ServersOrderOfProfilesCounts()
    {
        using var network = new DtlsNetwork(
            client: options => options with
            {
                SrtpProfiles = [SrtpProfile.Aes128CmHmacSha1_80, SrtpProfile.AeadAes256Gcm, SrtpProfile.AeadAes128Gcm],
            });
        network.Start();
        network.Run(Limit);
        Assert.Equal(SrtpProfile.AeadAes128Gcm, Assert.Single(network.ClientEvents).Keys!.Profile);
    }

    [Theory]
    [InlineData(1, 0.05)]
    [InlineData(2, 0.1)]
    [InlineData(3, 0.2)]
    [InlineData(4, 0.2)]
    [InlineData(5, 0.2)]
    [InlineData(6, 0.2)]
    [InlineData(7, 0.2)]
    [InlineData(8, 0.2)]
    public void Handshake_LossReorderingAndRepeats_StillConnects(int seed, double loss)
    {
        using var network = new DtlsNetwork(seed)
        {
            Loss = loss,
            Duplication = 0.2,
            Jitter = TimeSpan.FromMilliseconds(60),
        };
        network.Start();
        network.Run(Limit);
        Assert.Equal(DtlsEventKind.Connected, Assert.Single(network.ClientEvents).Kind);
        Assert.Equal(DtlsEventKind.Connected, Assert.Single(network.ServerEvents).Kind);
        Assert.InRange(network.Sent, 4, 60);
    }

    [Fact]
    public void Handshake_SameSeed_IsTheSameRun()
    {
        for (var seed = 20; seed < 25; seed++)
        {
            var runs = Enumerable.Range(0, 3).Select(_ =>
            {
                using var network = new DtlsNetwork(seed) { Loss = 0.3, Duplication = 0.2, Jitter = TimeSpan.FromMilliseconds(60) };
                network.Start();
                network.Run(Limit);
                return (network.Now, network.Sent, network.Client.State, network.Server.State);
            });
            Assert.Single(runs.Distinct());
        }
    }

    [Fact]
    public void Handshake_SmallMtu_FragmentsAndConnects()
    {
        using var network = new DtlsNetwork(client: o => o with { Mtu = 256 }, server: o => o with { Mtu = 256 });
        network.Start();
        network.Run(Limit);
        Assert.Equal(DtlsState.Connected, network.Client.State);
        Assert.Equal(DtlsState.Connected, network.Server.State);
    }

    [Fact]
    public void Handshake_LastFlightLost_IsSentAgainWhenTheClientRepeatsIts()
    {
        using var network = new DtlsNetwork();
        var lost = 0;
        network.Tamper = (toServer, datagram) => !toServer && datagram[0] == 20 && lost++ < 3 ? [] : [datagram];
        network.Start();
        network.Run(Limit);
        Assert.Equal(4, lost);
        Assert.Equal(DtlsEventKind.Connected, Assert.Single(network.ClientEvents).Kind);
        Assert.Equal(DtlsEventKind.Connected, Assert.Single(network.ServerEvents).Kind);
    }

    [Fact]
    public void Handshake_NobodyAnswers_FailsAtTheLimitAfterSendingLessAndLessOften()
    {
        using var network = new DtlsNetwork { Loss = 1 };
        network.Start();
        network.Run(Limit);
        var failed = Assert.Single(network.ClientEvents);
        Assert.Equal(DtlsFailure.Timeout, failed.Failure);
        Assert.Equal(DtlsFailure.Timeout, Assert.Single(network.ServerEvents).Failure);
        Assert.Equal(TimeSpan.FromSeconds(10), network.Now);
        Assert.Equal(7, network.Sent);
    }

    [Fact]
    public void Close_ByEitherSide_IsSeenByTheOther()
    {
        foreach (var byServer in new[] { false, true })
        {
            using var network = new DtlsNetwork();
            network.Start();
            network.Run(Limit);
            (byServer ? network.Server : network.Client).Close(network.Now);
            network.Drain();
            network.Wait(TimeSpan.FromSeconds(1));
            var events = byServer ? network.ClientEvents : network.ServerEvents;
            Assert.Equal([DtlsEventKind.Connected, DtlsEventKind.Closed], events.Select(e => e.Kind));
            Assert.Equal(DtlsState.Closed, network.Client.State);
            Assert.Equal(DtlsState.Closed, network.Server.State);
        }
    }
}
