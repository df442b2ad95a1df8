using P2PCam.TestKit.Simulation;
using P2PCam.WebRtc.Wire;

namespace P2PCam.Simulation.Tests.Sessions;

/// <summary>The broadcaster's only address is replaced by another while its picture is watched.</summary>
public class ReplacedAddressTests
{
    private static readonly TransportAddress Other = TransportAddress.FromIPv4(0x0A00_0009, 3000);
    private static readonly LinkConditions Good = new() { Delay = TimeSpan.FromMilliseconds(10), Jitter = TimeSpan.FromMilliseconds(5) };

    // Browsers say what they miss by the way they have nominated, and need seconds to see that it is gone.
    [Fact]
    public void PeerThatStillAsksByTheOldWay_SeesThePictureWithoutHavingAsked()
    {
        using var call = Start();
        var (gone, keyFrames) = (false, call.KeyFramesSent);
        call.Wire = datagram => (gone && datagram.From == SimulatedCall.BroadcasterAddress) || (datagram.From == SimulatedCall.ViewerAddress && IsRtcp(datagram)) ? [] : [datagram];

        gone = true;
        call.Broadcaster.LoseLocalAddress(call.Now, SimulatedCall.BroadcasterAddress);
        call.RunFor(TimeSpan.FromMilliseconds(300));
        call.Broadcaster.SetLocalAddresses(call.Now, [Other]);
        var received = call.FramesReceived;
        call.RunUntil(() => call.FramesReceived > received + 10, TimeSpan.FromSeconds(1));

        Assert.Equal(keyFrames + 1, call.KeyFramesSent);
    }

    [Fact]
    public void AddressThatCarriesNothing_CostsNoKeyFrame()
    {
        using var call = Start();
        call.Broadcaster.SetLocalAddresses(call.Now, [SimulatedCall.BroadcasterAddress, Other]);
        var keyFrames = call.KeyFramesSent;
        call.Broadcaster.LoseLocalAddress(call.Now, Other);
        call.RunFor(TimeSpan.FromSeconds(5));

        Assert.Equal(keyFrames, call.KeyFramesSent);
        Assert.InRange(call.LongestGap, TimeSpan.Zero, TimeSpan.FromMilliseconds(60));
    }

    private static bool IsRtcp(WireDatagram datagram) => DatagramClassifier.Classify(datagram.Bytes) == DatagramKind.Rtcp;

    private static SimulatedCall Start()
    {
        var call = new SimulatedCall(seed: 4) { Network = { Default = Good } };
        call.StartVideo();
        call.RunUntil(() => call.FramesReceived > 30, TimeSpan.FromSeconds(25));
        return call;
    }
}
