using System.Runtime.CompilerServices;
using P2PCam.TestKit.Simulation;
using P2PCam.WebRtc.Rtcp;
using P2PCam.WebRtc.Sessions;
using P2PCam.WebRtc.Srtp;

namespace P2PCam.Simulation.Tests.Sessions;

/// <summary>A BYE ends the source that it names, and a session when no source is left (RFC 3550 section 6.6).</summary>
public sealed class GoodbyeTests : IDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(25);
    private readonly SimulatedCall _call = new(seed: 9) { Network = { Default = new LinkConditions { Delay = TimeSpan.FromMilliseconds(5) } } };

    public GoodbyeTests()
    {
        _call.StartVideo();
        _call.RunUntil(() => _call.FramesReceived > 10, ConnectLimit);
    }

    public void Dispose() => _call.Dispose();

    [Theory]
    [InlineData("audio")]
    [InlineData("rtx")]
    [InlineData("nobody")]
    [InlineData("receiver")]
    [InlineData("many")]
    public void ByeOfAnotherSource_EndsNothing(string source)
    {
        uint[] sources = source switch
        {
            "audio" => [0xA0A0A0A0],
            "rtx" => [Identity(_call.Broadcaster).RtxSsrc],
            "receiver" => [Identity(_call.Viewer).Ssrc],
            "many" => [1, 2, 3, Identity(_call.Broadcaster).RtxSsrc],
            _ => [],
        };
        SayGoodbye(sources);
        var received = _call.FramesReceived;
        _call.RunFor(TimeSpan.FromSeconds(6));

        Assert.DoesNotContain(_call.ViewerEvents, e => e.Kind == PeerSessionEventKind.Closed);
        Assert.InRange(_call.FramesReceived - received, 175, 185);
    }

    [Fact]
    public void ByeOfASourceThatGoesOn_EndsNothing()
    {
        SayGoodbye([Identity(_call.Broadcaster).Ssrc]);
        var received = _call.FramesReceived;
        _call.RunFor(TimeSpan.FromSeconds(6));

        Assert.DoesNotContain(_call.ViewerEvents, e => e.Kind == PeerSessionEventKind.Closed);
        Assert.InRange(_call.FramesReceived - received, 175, 185);
    }

    [Fact]
    public void ByeOfTheOnlySource_EndsTheSession_AndSaysSo()
    {
        // The peer's close_notify gets lost.
        var told = 0;
        _call.Network.Filter = datagram =>
        {
            var isAlert = datagram.Payload[0] == 21;
            told += isAlert && datagram.From == SimulatedCall.ViewerAddress ? 1 : 0;
            return !isAlert || datagram.From == SimulatedCall.ViewerAddress;
        };
        _call.Broadcaster.Close(_call.Now);
        _call.RunFor(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(_call.ViewerEvents, e => e.Kind == PeerSessionEventKind.Closed);
        _call.RunFor(TimeSpan.FromSeconds(2));

        Assert.Contains(_call.ViewerEvents, e => e is { Kind: PeerSessionEventKind.Closed, Reason: PeerSessionCloseReason.PeerClosed });
        Assert.Equal(1, told);
    }

    [Fact]
    public void ByeOfAViewer_DoesNotEndWhatItIsSent()
    {
        var viewer = Outbound(_call.Viewer)!;
        Send(viewer, _call.Broadcaster, SimulatedCall.BroadcasterAddress, SimulatedCall.ViewerAddress, [Identity(_call.Viewer).Ssrc]);
        var received = _call.FramesReceived;
        _call.RunFor(TimeSpan.FromSeconds(3));

        Assert.InRange(_call.FramesReceived - received, 85, 95);
    }

    private void SayGoodbye(uint[] sources) =>
        Send(Outbound(_call.Broadcaster)!, _call.Viewer, SimulatedCall.ViewerAddress, SimulatedCall.BroadcasterAddress, sources);

    private void Send(SrtpContext from, PeerSession to, WebRtc.Wire.TransportAddress local, WebRtc.Wire.TransportAddress remote, uint[] sources)
    {
        var buffer = new byte[512];
        var length = ReceiverReport.Write(buffer, 1, []);
        length += Goodbye.Write(buffer.AsSpan(length), sources, "left");
        length = from.ProtectRtcp(buffer, length);
        Assert.True(to.HandleDatagram(_call.Now, local, remote, buffer.AsSpan(0, length)));
    }

    private static LocalIdentity Identity(PeerSession session) => session.Negotiated.Identity;

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_outbound")]
    private static extern ref SrtpContext? Outbound(PeerSession session);
}
