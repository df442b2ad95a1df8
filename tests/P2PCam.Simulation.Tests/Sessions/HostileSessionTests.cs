using System.Text.RegularExpressions;
using P2PCam.TestKit.Simulation;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.Simulation.Tests.Sessions;

public partial class HostileSessionTests
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(25);

    [Fact]
    public void WrongFingerprint_EndsTheSessionWithThatReasonBeforeAnyMedia()
    {
        using var call = new SimulatedCall(seed: 1, offer => Fingerprint().Replace(offer, match => match.Value[..^2] + (match.Value.EndsWith("00", StringComparison.Ordinal) ? "01" : "00")));
        call.StartVideo();

        call.RunUntil(() => call.BroadcasterEvents.Any(e => e.Kind == PeerSessionEventKind.Closed), ConnectLimit);

        Assert.Equal(PeerSessionCloseReason.FingerprintMismatch, call.BroadcasterEvents[^1].Reason);
        Assert.Equal(0, call.FramesReceived);
        Assert.Equal(0, call.Broadcaster.GetStatistics().PacketsSent);
    }

    [Theory]
    [InlineData("a=ice-ufrag:")]
    [InlineData("a=ice-pwd:")]
    public void WrongCredentials_NeverConnect(string line)
    {
        using var call = new SimulatedCall(seed: 2, offer => offer.Replace(line, line + "XX", StringComparison.Ordinal));
        call.StartVideo();

        call.RunUntil(() => call.BroadcasterEvents.Any(e => e.Kind == PeerSessionEventKind.Closed), TimeSpan.FromSeconds(61));

        Assert.DoesNotContain(call.BroadcasterEvents, e => e.Kind == PeerSessionEventKind.Connected);
        Assert.Equal(0, call.FramesReceived);
    }

    [Fact]
    public void MutatedTruncatedAndRandomDatagramsFromThePeersOwnAddress_DoNotEndTheSession()
    {
        using var call = new SimulatedCall(seed: 3) { Network = { Default = new LinkConditions { Delay = TimeSpan.FromMilliseconds(2) } } };
        var random = new Random(3);
        var seen = new List<SimulatedDatagram>();
        call.Network.Filter = datagram =>
        {
            if (seen.Count < 400)
            {
                seen.Add(datagram);
            }
            else
            {
                seen[random.Next(seen.Count)] = datagram;
            }

            return true;
        };
        call.StartVideo();
        call.RunUntil(() => call.FramesReceived > 10, ConnectLimit);

        for (var round = 0; round < 100; round++)
        {
            for (var i = 0; i < 100; i++)
            {
                var original = seen[random.Next(seen.Count)];
                var bytes = Spoil(original.Payload, random);
                _ = original.To == SimulatedCall.ViewerAddress
                    ? call.Viewer.HandleDatagram(call.Now, original.To, original.From, bytes)
                    : call.Broadcaster.HandleDatagram(call.Now, original.To, original.From, bytes);
            }

            call.RunFor(TimeSpan.FromMilliseconds(50));
        }

        var received = call.FramesReceived;
        call.RunFor(TimeSpan.FromSeconds(2));
        Assert.InRange(call.FramesReceived - received, 55, 61);
        Assert.DoesNotContain(call.BroadcasterEvents, e => e.Kind == PeerSessionEventKind.Closed);
        Assert.DoesNotContain(call.ViewerEvents, e => e.Kind == PeerSessionEventKind.Closed);
    }

    private static byte[] Spoil(byte[] original, Random random)
    {
        var bytes = original.ToArray();
        switch (random.Next(4))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                random.NextBytes(bytes);
                return bytes;
            case 2:
                // As it was: a replay.
                return bytes;
            default:
                for (var i = random.Next(8); i >= 0; i--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }

                return bytes;
        }
    }

    [GeneratedRegex("a=fingerprint:sha-256 [0-9A-F:]+")]
    private static partial Regex Fingerprint();
}
