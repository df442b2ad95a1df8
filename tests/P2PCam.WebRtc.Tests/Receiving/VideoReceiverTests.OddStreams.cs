using System.Buffers;
using P2PCam.TestKit.Measuring;
using P2PCam.WebRtc.Receiving;
using P2PCam.WebRtc.Rtp;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Tests.Receiving;

/// <summary>Streams that are odd, hostile or endless.</summary>
public sealed partial class VideoReceiverTests
{
    [Fact]
    public void PaddingBetweenFrames_TakesItsPlaceAndHoldsNothingUp()
    {
        SendWhole(Content(600, isKeyFrame: true, marker: 1));
        for (var i = 0; i < 3; i++)
        {
            SendPadding();
            SendWhole(Content(600, isKeyFrame: false, marker: 2));
        }

        Assert.Equal(4, TakeFrames().Count);
        Assert.Empty(NackedIn(Feedback()));
    }

    [Fact]
    public void PaddingThatIsLost_IsAskedForLikeAnyPacket()
    {
        SendWhole(Content(600, isKeyFrame: true, marker: 1));
        _sequenceNumber++;
        SendWhole(Content(600, isKeyFrame: false, marker: 2));
        Assert.Single(TakeFrames());
        Assert.Single(NackedIn(Feedback()));

        _sequenceNumber -= 3;
        SendPadding();
        _sequenceNumber += 2;
        Assert.Single(TakeFrames());
    }

    [Fact]
    public void PayloadThatIsNoVp8_CostsItsFrameAndAKeyFrame_NotTheStream()
    {
        SendWhole(Content(600, isKeyFrame: true, marker: 1));
        var broken = ToPackets(Content(1500, isKeyFrame: false, marker: 2));
        broken[1] = broken[1][..(RtpHeader.FixedLength + 1)];
        broken.ForEach(packet => _receiver.HandleRtp(_now, packet));
        SendWhole(Content(600, isKeyFrame: false, marker: 3));
        Assert.Single(TakeFrames());

        Assert.True(AsksForKeyFrame(Feedback()));
        SendWhole(Content(600, isKeyFrame: true, marker: 4));
        Assert.Single(TakeFrames());
    }

    [Fact]
    public void FrameWithoutItsEnd_CostsAKeyFrame_NotTheStream()
    {
        SendWhole(Content(600, isKeyFrame: true, marker: 1));
        var unmarked = ToPackets(Content(1500, isKeyFrame: false, marker: 2));
        unmarked[^1][1] &= 0x7F;
        unmarked.ForEach(packet => _receiver.HandleRtp(_now, packet));
        SendWhole(Content(600, isKeyFrame: false, marker: 3));

        Assert.Single(TakeFrames());
        Assert.True(AsksForKeyFrame(Feedback()));
    }

    [Fact]
    public void DecoderThatCannotGoOn_AsksUntilAKeyFrameComes_ButNotMoreOftenThanAllowed()
    {
        SendWhole(Content(600, isKeyFrame: true, marker: 1));
        Assert.False(AsksForKeyFrame(Feedback()));
        _receiver.RequestKeyFrame(_now);
        Assert.Equal(_now, _receiver.NextTimeout);
        Assert.True(AsksForKeyFrame(Feedback()));
        _receiver.RequestKeyFrame(_now);
        Assert.False(AsksForKeyFrame(Feedback()));
        _now += TimeSpan.FromMilliseconds(300);
        SendWhole(Content(600, isKeyFrame: false, marker: 2));
        Assert.True(AsksForKeyFrame(Feedback()));

        SendWhole(Content(600, isKeyFrame: true, marker: 3));
        _now += TimeSpan.FromMilliseconds(300);
        Assert.False(AsksForKeyFrame(Feedback()));
        Assert.Equal(3, TakeFrames().Count);
    }

    [Fact]
    public void StreamWithoutAnyKeyFrame_IsAskedForOneEvery300Milliseconds_NotWithEachFrame()
    {
        var requests = 0;
        for (var i = 0; i < 240; i++)
        {
            SendWhole(Content(600, isKeyFrame: false, marker: 1));
            requests += AsksForKeyFrame(Feedback()) ? 1 : 0;
            _now += TimeSpan.FromMilliseconds(33);
        }

        Assert.InRange(requests, 20, 27);
    }

    [Fact]
    public void SenderThatGoesOnUnderAnotherSsrc_IsFollowedOnceTheFormerIsSilent()
    {
        SendWhole(Content(600, isKeyFrame: true, marker: 1));
        _ssrc = 0x99;
        _sequenceNumber = 20_000;
        SendWhole(Content(600, isKeyFrame: true, marker: 2));
        Assert.Single(TakeFrames());

        _now += TimeSpan.FromSeconds(1);
        SendWhole(Content(600, isKeyFrame: true, marker: 3));
        SendWhole(Content(600, isKeyFrame: false, marker: 4));
        Assert.Equal(2, TakeFrames().Count);
    }

    [Fact]
    public void AnnouncedSsrcThatNeverComes_DoesNotShutOutTheOneThatDoes()
    {
        using var receiver = new VideoReceiver(new VideoReceiverOptions { LocalSsrc = 9, Formats = [new RtpFormat(RtpVideoCodec.Vp8, 96, null)], RemoteSsrc = 0x1234, CanonicalName = "test" });
        ToPackets(Content(600, isKeyFrame: true, marker: 1)).ForEach(packet => receiver.HandleRtp(_now, packet));

        Assert.True(receiver.PollFrame(out var frame));
        ArrayPool<byte>.Shared.Return(frame.Buffer);
    }

    [Fact]
    public void SenderThatResendsNothing_IsNotAsked_AndOvertakenPacketsAreStillPutInOrder()
    {
        using var receiver = new VideoReceiver(new VideoReceiverOptions
        {
            LocalSsrc = 9,
            Formats = [new RtpFormat(RtpVideoCodec.Vp8, 96, null)],
            CanonicalName = "test",
            AsksForMissing = false,
            MaxWaitForPacket = TimeSpan.FromMilliseconds(80),
        });
        var packets = ToPackets(Content(1500, isKeyFrame: true, marker: 1));
        foreach (var packet in packets.Take(1).Concat(packets.Skip(1).Reverse()))
        {
            receiver.HandleRtp(_now, packet);
            Assert.False(receiver.PollFeedback(_now, null, _feedback, out _));
        }

        Assert.True(receiver.PollFrame(out var frame));
        ArrayPool<byte>.Shared.Return(frame.Buffer);
    }

    [Fact]
    public void OldKeyFrameThatComesAgainAfterALoss_IsNotShownAgain()
    {
        var key = ToPackets(Content(600, isKeyFrame: true, marker: 1));
        key.ForEach(packet => _receiver.HandleRtp(_now, packet));
        _sequenceNumber++;
        SendWhole(Content(600, isKeyFrame: false, marker: 2));
        _now += TimeSpan.FromMilliseconds(501);
        Assert.True(AsksForKeyFrame(Feedback()));
        Assert.Single(TakeFrames());

        key.ForEach(packet => _receiver.HandleRtp(_now, packet));
        Assert.Empty(TakeFrames());
    }

    [Fact]
    public void OverflowOfTheQueue_LeavesFramesThatCanBeDecoded()
    {
        SendWhole(Content(100, isKeyFrame: true, marker: 1));
        for (var i = 0; i < 40; i++)
        {
            SendWhole(Content(100, isKeyFrame: false, marker: 2));
        }

        SendWhole(Content(100, isKeyFrame: true, marker: 3));
        for (var i = 0; i < 30; i++)
        {
            SendWhole(Content(100, isKeyFrame: false, marker: 4));
        }

        var frames = TakeFrames();
        Assert.Equal(31, frames.Count);
        Assert.Equal(0, frames[0][0]);
        Assert.Equal(41, _receiver.Counters.FramesDropped);
    }

    [Fact]
    public void RandomBytesAndMutatedPackets_NeverThrowAndStayBounded()
    {
        var random = new Random(11);
        for (var i = 0; i < 20_000; i++)
        {
            var packet = ToPackets(Content(700, isKeyFrame: i % 30 == 0, marker: 0))[0];
            for (var j = random.Next(4); j >= 0; j--)
            {
                packet[random.Next(packet.Length)] = (byte)random.Next(256);
            }

            _receiver.HandleRtp(_now, packet.AsSpan(0, random.Next(packet.Length + 1)));
            _now += TimeSpan.FromMilliseconds(5);
            _receiver.PollFeedback(_now, null, _feedback, out var length);
            Assert.InRange(length, 0, 1200);
            while (_receiver.PollFrame(out var frame))
            {
                ArrayPool<byte>.Shared.Return(frame.Buffer);
            }
        }
    }

    [Fact]
    public void HostileSender_IsSurvivedWithinBounds_AndAKeyFrameMakesItGood()
    {
        var random = new Random(12);
        for (var i = 0; i < 20_000; i++)
        {
            // Jumps of any size, other streams, retransmissions of what was never sent, frames without start or end.
            _sequenceNumber = random.Next(20) == 0 ? (ushort)random.Next(65_536) : _sequenceNumber;
            _ssrc = random.Next(50) == 0 ? (uint)random.Next() : _ssrc;
            _timestamp = random.Next(30) == 0 ? (uint)random.Next() : _timestamp;
            foreach (var packet in ToPackets(Content(random.Next(1, 3000), isKeyFrame: random.Next(10) == 0, marker: 0)))
            {
                var sent = random.Next(4) == 0 ? Rtx(packet, (ushort)random.Next(65_536)) : packet;
                sent[1] ^= (byte)(random.Next(10) == 0 ? 0x80 : 0);
                if (random.Next(5) == 0)
                {
                    sent[random.Next(RtpHeader.FixedLength, sent.Length)] = (byte)random.Next(256);
                }

                _receiver.HandleRtp(_now, sent.AsSpan(0, random.Next(8) == 0 ? random.Next(sent.Length + 1) : sent.Length));
            }

            _now += TimeSpan.FromMilliseconds(random.Next(40));
            Assert.True(_receiver.NextTimeout > TimeSpan.Zero);
            _receiver.PollFeedback(_now, null, _feedback, out var length);
            Assert.InRange(length, 0, 1200);
            if (random.Next(10) == 0)
            {
                TakeFrames();
            }
        }

        _now += TimeSpan.FromSeconds(2);
        TakeFrames();
        SendWhole(Content(600, isKeyFrame: true, marker: 7));
        SendWhole(Content(600, isKeyFrame: false, marker: 8));
        Assert.Equal([7, 8], TakeFrames().Select(frame => frame[1]));
    }

    [Fact]
    public void SteadyState_AllocatesNothing()
    {
        SendWhole(Content(3000, isKeyFrame: true, marker: 1));
        var packets = Enumerable.Range(0, 300).SelectMany(_ => ToPackets(Content(3000, isKeyFrame: false, marker: 2))).ToList();
        void Run(byte[][] some)
        {
            foreach (var packet in some)
            {
                _receiver.HandleRtp(_now, packet);
                _receiver.PollFeedback(_now, TimeSpan.FromMilliseconds(10), _feedback, out _);
                while (_receiver.PollFrame(out var frame))
                {
                    ArrayPool<byte>.Shared.Return(frame.Buffer);
                }

                _now += TimeSpan.FromMilliseconds(5);
            }
        }

        var rest = new Queue<byte[][]>(packets.Chunk(packets.Count / 10));
        Assert.InRange(SteadyState.LeastAllocated(() => Run(rest.Dequeue())), 0, 400);
        while (rest.TryDequeue(out var more))
        {
            Run(more);
        }

        Assert.Equal(301, _receiver.Counters.Frames);
    }
}
