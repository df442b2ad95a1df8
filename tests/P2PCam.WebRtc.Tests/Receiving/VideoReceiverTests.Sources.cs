using P2PCam.WebRtc.Rtp;

namespace P2PCam.WebRtc.Tests.Receiving;

/// <summary>A signal belongs to the source that it names (RFC 3550 sections 6.6 and 8.2).</summary>
public sealed partial class VideoReceiverTests
{
    [Fact]
    public void SourceThatSaidGoodbye_IsFollowedByTheNextAtOnce()
    {
        SendWhole(Content(600, isKeyFrame: true, marker: 1));
        _receiver.HandleGoodbye(_now, _ssrc);
        Assert.Equal(_now, _receiver.GoneSince);
        (_ssrc, _sequenceNumber) = (0x99, 20_000);
        SendWhole(Content(600, isKeyFrame: true, marker: 2));
        SendWhole(Content(600, isKeyFrame: false, marker: 3));

        Assert.Equal([1, 2, 3], TakeFrames().Select(frame => frame[1]));
        Assert.Null(_receiver.GoneSince);
    }

    [Fact]
    public void PacketOfTheFormerSource_ThatComesLate_DoesNotShutOutTheNewOne()
    {
        var former = _ssrc;
        SendWhole(Content(600, isKeyFrame: true, marker: 1));
        _receiver.HandleGoodbye(_now, _ssrc);
        SendWhole(Content(600, isKeyFrame: false, marker: 2));
        var late = ToPackets(Content(600, isKeyFrame: false, marker: 3));
        (_ssrc, _sequenceNumber) = (0x99, 20_000);
        SendWhole(Content(600, isKeyFrame: true, marker: 4));
        late.ForEach(packet => _receiver.HandleRtp(_now, packet));
        SendWhole(Content(600, isKeyFrame: false, marker: 5));

        Assert.Equal([1, 2, 4, 5], TakeFrames().Select(frame => frame[1]));
        _receiver.HandleGoodbye(_now, former);
        Assert.Null(_receiver.GoneSince);
    }

    [Theory]
    [InlineData(0x88u)] // the retransmissions'
    [InlineData(0x1234u)]
    [InlineData(0u)]
    public void GoodbyeOfAnother_MeansNothingHere(uint ssrc)
    {
        SendWhole(Content(600, isKeyFrame: true, marker: 1));
        _receiver.HandleGoodbye(_now, ssrc);

        Assert.Null(_receiver.GoneSince);
    }

    [Fact]
    public void AnnouncedSource_IsTakenAsSoonAsItComes_AlsoBehindAStray()
    {
        using var receiver = new WebRtc.Receiving.VideoReceiver(new WebRtc.Receiving.VideoReceiverOptions
        {
            LocalSsrc = 9,
            Formats = [new WebRtc.Rtp.Payloads.RtpFormat(WebRtc.Rtp.Payloads.RtpVideoCodec.Vp8, 96, null)],
            RemoteSsrc = 0x99,
            CanonicalName = "test",
        });
        ToPackets(Content(600, isKeyFrame: false, marker: 1)).ForEach(packet => receiver.HandleRtp(_now, packet));
        (_ssrc, _sequenceNumber) = (0x99, 20_000);
        ToPackets(Content(600, isKeyFrame: true, marker: 2)).ForEach(packet => receiver.HandleRtp(_now, packet));

        Assert.True(receiver.PollFrame(out var frame));
        Assert.Equal(2, frame.Data[1]);
        System.Buffers.ArrayPool<byte>.Shared.Return(frame.Buffer);
    }

    [Fact]
    public void RetransmissionOfAnotherStream_MovesNothing()
    {
        SendWhole(Content(600, isKeyFrame: true, marker: 1));
        var next = _sequenceNumber;
        var strange = Rtx(ToPackets(Content(600, isKeyFrame: false, marker: 9))[0], (ushort)(_sequenceNumber + 5000));
        _sequenceNumber = next;
        _receiver.HandleRtp(_now, strange);
        SendWhole(Content(600, isKeyFrame: false, marker: 2));

        Assert.Equal([1, 2], TakeFrames().Select(frame => frame[1]));
        Assert.Empty(NackedIn(Feedback()));
        Assert.Equal(0, _receiver.Counters.PacketsLost);
    }

    [Fact]
    public void EmptyRetransmission_TakesThePlaceOfPaddingThatWasLost()
    {
        SendWhole(Content(600, isKeyFrame: true, marker: 1));
        var lost = _sequenceNumber++;
        SendWhole(Content(600, isKeyFrame: false, marker: 2));
        Assert.Equal([lost], NackedIn(Feedback()));
        var empty = new byte[RtpHeader.FixedLength + 2];
        new RtpHeader(97, false, 1, _timestamp, 0x88).Write(empty);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(empty.AsSpan(RtpHeader.FixedLength), lost);
        _receiver.HandleRtp(_now, empty);

        Assert.Equal([1, 2], TakeFrames().Select(frame => frame[1]));
    }
}
