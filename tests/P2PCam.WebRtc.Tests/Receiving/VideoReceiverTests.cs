using P2PCam.TestKit.Simulation;
using P2PCam.WebRtc.Receiving;
using P2PCam.WebRtc.Rtcp;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Tests.Receiving;

public sealed partial class VideoReceiverTests : IDisposable
{
    private readonly VideoReceiver _receiver = new(new VideoReceiverOptions { LocalSsrc = 9, Formats = [new RtpFormat(RtpVideoCodec.Vp8, 96, 97)], CanonicalName = "test" });
    private readonly Vp8Packetizer _packetizer = new(new SeededRandom(1), 500);
    private readonly byte[] _feedback = new byte[2048];
    private ushort _sequenceNumber = 65_530;
    private uint _timestamp;
    private TimeSpan _now = TimeSpan.FromSeconds(1);
    private uint _ssrc = 0x77;

    public void Dispose() => _receiver.Dispose();

    [Fact]
    public void PacketsInAnyOrderAndTwice_GiveFramesOnceAndInOrder()
    {
        var random = new Random(3);
        var frames = Enumerable.Range(0, 20).Select(i => Content(1500, isKeyFrame: i == 0, marker: (byte)i)).ToList();
        var packets = frames.SelectMany(ToPackets).ToList();
        foreach (var window in packets.Chunk(6))
        {
            foreach (var packet in window.Concat(window).OrderBy(_ => random.Next()))
            {
                _receiver.HandleRtp(_now, packet);
            }
        }

        Assert.Equal(frames, TakeFrames());
    }

    [Fact]
    public void LostPacket_IsAskedForAtOnce_AndItsRtxCompletesTheFrame()
    {
        var content = Content(1500, isKeyFrame: true, marker: 1);
        var packets = ToPackets(content);
        _receiver.HandleRtp(_now, packets[0]);
        _receiver.HandleRtp(_now, packets[2]);

        Assert.Equal([(ushort)65_531], NackedIn(Feedback()));
        Assert.Empty(TakeFrames());

        _receiver.HandleRtp(_now, Rtx(packets[1], 65_531));
        foreach (var packet in packets.Skip(3))
        {
            _receiver.HandleRtp(_now, packet);
        }

        Assert.Equal([content], TakeFrames());
        Assert.Empty(NackedIn(Feedback()));
    }

    [Fact]
    public void LostPacket_IsAskedForAgainAfterARoundTrip_AndNotBefore()
    {
        var packets = ToPackets(Content(1500, isKeyFrame: true, marker: 1));
        _receiver.HandleRtp(_now, packets[0]);
        _receiver.HandleRtp(_now, packets[2]);
        Assert.Single(NackedIn(Feedback()));

        _now += TimeSpan.FromMilliseconds(10);
        Assert.Empty(NackedIn(Feedback()));
        _now += TimeSpan.FromMilliseconds(60);
        Assert.Single(NackedIn(Feedback()));
    }

    [Fact]
    public void WherePacketsOvertakeEachOther_AskingWaitsForThemToCome()
    {
        var first = ToPackets(Content(1500, isKeyFrame: true, marker: 1));
        _receiver.HandleRtp(_now, first[0]);
        _receiver.HandleRtp(_now, first[2]);
        Assert.Single(NackedIn(Feedback()));
        _now += TimeSpan.FromMilliseconds(8);
        _receiver.HandleRtp(_now, first[1]);
        first.Skip(3).ToList().ForEach(packet => _receiver.HandleRtp(_now, packet));

        var second = ToPackets(Content(1500, isKeyFrame: false, marker: 2));
        _receiver.HandleRtp(_now, second[0]);
        _receiver.HandleRtp(_now, second[2]);
        Assert.Empty(NackedIn(Feedback()));
        _now += TimeSpan.FromMilliseconds(9);
        Assert.Single(NackedIn(Feedback()));
    }

    [Fact]
    public void LossThatNobodyRepairs_CausesAKeyFrameRequest_AndTheKeyFrameGoesOn()
    {
        SendWhole(Content(600, isKeyFrame: true, marker: 1));
        var lost = ToPackets(Content(1500, isKeyFrame: false, marker: 2));
        _receiver.HandleRtp(_now, lost[^1]);
        SendWhole(Content(600, isKeyFrame: false, marker: 3));
        Assert.Single(TakeFrames());

        _now += TimeSpan.FromMilliseconds(501);
        Assert.True(AsksForKeyFrame(Feedback()));
        var key = Content(600, isKeyFrame: true, marker: 4);
        SendWhole(key);

        Assert.Equal([key], TakeFrames());
    }

    [Fact]
    public void StreamThatStartsOnAnInterFrame_YieldsNothingAndAsksForAKeyFrame()
    {
        SendWhole(Content(600, isKeyFrame: false, marker: 1));
        Assert.False(AsksForKeyFrame(Feedback()));
        _now += TimeSpan.FromMilliseconds(40);

        Assert.True(AsksForKeyFrame(Feedback()));
        Assert.Empty(TakeFrames());
    }

    [Fact]
    public void KeyFrameThatAnInterFrameOvertakes_IsNotAskedForAgain()
    {
        var key = ToPackets(Content(600, isKeyFrame: true, marker: 1));
        SendWhole(Content(600, isKeyFrame: false, marker: 2));
        _now += TimeSpan.FromMilliseconds(10);
        key.ForEach(packet => _receiver.HandleRtp(_now, packet));
        _now += TimeSpan.FromSeconds(1);

        Assert.False(AsksForKeyFrame(Feedback()));
        Assert.Equal(2, TakeFrames().Count);
    }

    [Fact]
    public void HugeJump_DoesNotAskForThousandsOfPackets()
    {
        SendWhole(Content(600, isKeyFrame: true, marker: 1));
        _sequenceNumber += 5000;
        SendWhole(Content(600, isKeyFrame: false, marker: 2));

        Assert.Empty(NackedIn(Feedback()));
        SendWhole(Content(600, isKeyFrame: true, marker: 3));
        Assert.Equal(2, TakeFrames().Count);
    }

    [Fact]
    public void ReaderThatTakesNothing_KeepsABoundedNumberOfFrames()
    {
        for (var i = 0; i < 500; i++)
        {
            SendWhole(Content(100, isKeyFrame: true, marker: (byte)i));
        }

        Assert.Equal(64, TakeFrames().Count);
        Assert.Equal(436, _receiver.Counters.FramesDropped);
    }

    [Fact]
    public void Report_TellsLossAndTheLastSenderReport()
    {
        var packets = ToPackets(Content(4900, isKeyFrame: true, marker: 1));
        _receiver.HandleRtp(_now, packets[0]);
        _receiver.HandleSenderReport(_now, 0x77, new NtpTimestamp(0x0001_0002_0003_0004));
        foreach (var packet in packets.Skip(5))
        {
            _receiver.HandleRtp(_now, packet);
        }

        _now += TimeSpan.FromSeconds(1);
        var reader = new RtcpCompoundReader(Feedback());
        Assert.True(reader.MoveNext());
        Assert.True(ReceiverReport.TryParse(reader.Current, out var report));
        var block = report.Reports[0];
        Assert.Equal(0x77u, block.Ssrc);
        Assert.Equal(4, block.CumulativeLost);
        Assert.Equal(4 * 256 / packets.Count, block.FractionLost);
        Assert.Equal(0x0002_0003u, block.LastSenderReport);
        Assert.Equal(65_536u, block.DelaySinceLastSenderReport);
    }
}
