using P2PCam.TestKit.Simulation;
using P2PCam.WebRtc.Rtp;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Sending;
using P2PCam.WebRtc.Srtp;

namespace P2PCam.WebRtc.Tests.Sending;

public sealed class VideoSenderTests : IDisposable
{
    private static readonly byte[] Key = [.. Enumerable.Range(1, 16).Select(i => (byte)i)];
    private static readonly byte[] Salt = [.. Enumerable.Range(101, 12).Select(i => (byte)i)];
    private readonly SrtpContext _outbound = SrtpContext.Create(SrtpProfile.AeadAes128Gcm, Key, Salt);
    private readonly SrtpContext _inbound = SrtpContext.Create(SrtpProfile.AeadAes128Gcm, Key, Salt);
    private readonly Vp8Packetizer _packetizer = new(new SeededRandom(1));
    private readonly VideoSender _sender;
    private readonly byte[] _buffer = new byte[65_536];
    private TimeSpan _now = TimeSpan.FromSeconds(1);

    public VideoSenderTests() => _sender = Create(new VideoSenderOptions
    {
        Ssrc = 0x1111,
        Formats = [new RtpFormat(RtpVideoCodec.Vp8, 96, 97)],
        RtxSsrc = 0x2222,
        FirstSequenceNumber = 65_534,
        FirstRtxSequenceNumber = 7,
        TimestampOffset = 1000,
        CanonicalName = "test",
    });

    public void Dispose()
    {
        _sender.Dispose();
        _outbound.Dispose();
        _inbound.Dispose();
    }

    [Fact]
    public void Frame_LeavesAsOneRunOfEqualPacketsWithMarkerOnTheLast()
    {
        var frame = Packetize(5000, isKeyFrame: true);
        _sender.Enqueue(frame);

        Assert.True(_sender.TryFill(_now, null, _buffer, out var length, out var segmentSize));
        var packets = Decrypt(length, segmentSize);

        Assert.Equal(frame.PacketCount, packets.Count);
        Assert.All(packets.SkipLast(1), packet => Assert.Equal(packets[0].Payload.Length, packet.Payload.Length));
        Assert.Equal(Enumerable.Range(65_534, packets.Count).Select(i => (ushort)i), packets.Select(packet => packet.SequenceNumber));
        Assert.Equal([.. Enumerable.Repeat(false, packets.Count - 1), true], packets.Select(packet => packet.Marker));
        Assert.All(packets, packet => Assert.Equal((0x1111u, 91_000u, (byte)96), (packet.Ssrc, packet.Timestamp, packet.PayloadType)));
        Assert.False(_sender.TryFill(_now, null, _buffer, out _, out _));
    }

    [Fact]
    public void Nack_IsAnsweredByRtxWithTheOriginalSequenceNumberAndPayload()
    {
        var original = SendFrame()[1];

        _sender.QueueResend(original.SequenceNumber);
        Assert.True(_sender.TryFill(_now, null, _buffer, out var length, out var segmentSize));
        var resent = Assert.Single(Decrypt(length, segmentSize));

        Assert.Equal((0x2222u, (byte)97, (ushort)7), (resent.Ssrc, resent.PayloadType, resent.SequenceNumber));
        Assert.True(RtxPayload.TryUnwrap(resent.Payload, out var sequenceNumber, out var payload));
        Assert.Equal(original.SequenceNumber, sequenceNumber);
        Assert.Equal(original.Payload, payload);
    }

    [Fact]
    public void Nack_WithoutRtx_ResendsTheVerySameBytes()
    {
        using var plain = Create(new VideoSenderOptions { Ssrc = 5, Formats = [new RtpFormat(RtpVideoCodec.Vp8, 96, null)], FirstSequenceNumber = 65_535, FirstRtxSequenceNumber = 0, TimestampOffset = 0, CanonicalName = "x" });
        plain.Enqueue(Packetize(5000, isKeyFrame: true));
        plain.TryFill(_now, null, _buffer, out _, out var segmentSize);
        var first = _buffer.AsSpan(0, segmentSize).ToArray();

        plain.QueueResend(65_535);
        Assert.True(plain.TryFill(_now, null, _buffer, out var length, out _));

        Assert.Equal(first, _buffer.AsSpan(0, length));
    }

    [Fact]
    public void FramesOfTwoCodecs_GoUnderTheirOwnPayloadTypes_AlsoWhenResent()
    {
        using var both = Create(new VideoSenderOptions
        {
            Ssrc = 0x1111,
            Formats = [new RtpFormat(RtpVideoCodec.H264, 102, 103), new RtpFormat(RtpVideoCodec.Vp8, 96, 97)],
            RtxSsrc = 0x2222,
            FirstSequenceNumber = 10,
            FirstRtxSequenceNumber = 7,
            TimestampOffset = 0,
            CanonicalName = "x",
        });
        both.Enqueue(Packetize(500, isKeyFrame: true));
        both.Enqueue(Uneven(isKeyFrame: true, 300));
        byte[] types = [.. Drain(both).Concat(Resend(both, 10)).Concat(Resend(both, 11)).Select(packet => packet.PayloadType)];

        Assert.Equal([96, 102, 97, 103], types);
        Assert.False(both.CanSend(RtpVideoCodec.Vp9));
    }

    [Fact]
    public void CodecThatChanges_WaitsForAKeyFrame()
    {
        using var both = Create(new VideoSenderOptions
        {
            Ssrc = 1,
            Formats = [new RtpFormat(RtpVideoCodec.H264, 102, null), new RtpFormat(RtpVideoCodec.Vp8, 96, null)],
            FirstSequenceNumber = 0,
            FirstRtxSequenceNumber = 0,
            TimestampOffset = 0,
            CanonicalName = "x",
        });
        both.Enqueue(Packetize(500, isKeyFrame: true));
        both.Enqueue(Uneven(isKeyFrame: false, 300));

        Assert.True(both.WaitsForKeyFrame);
        Assert.Single(Drain(both));
        both.Enqueue(Uneven(isKeyFrame: true, 300));
        Assert.Single(Drain(both));
    }

    [Fact]
    public void PayloadsOfDifferentSizes_LeaveInRunsOfEqualOnes()
    {
        using var sender = Create(new VideoSenderOptions
        {
            Ssrc = 1,
            Formats = [new RtpFormat(RtpVideoCodec.H264, 102, null)],
            FirstSequenceNumber = 0,
            FirstRtxSequenceNumber = 0,
            TimestampOffset = 0,
            CanonicalName = "x",
        });
        sender.Enqueue(Uneven(isKeyFrame: true, 20, 900, 900, 900, 400, 700, 100, 100));
        var runs = new List<int[]>();
        while (sender.TryFill(_now, null, _buffer, out var length, out var segmentSize))
        {
            runs.Add([.. Decrypt(length, segmentSize).Select(packet => packet.Payload.Length)]);
        }

        Assert.Equal([[20], [900, 900, 900, 400], [700, 100], [100]], runs);
    }

    [Fact]
    public void RepeatedNack_WithinARoundTrip_IsAnsweredOnce()
    {
        var lost = SendFrame()[0].SequenceNumber;
        var roundTrip = TimeSpan.FromMilliseconds(50);
        _sender.QueueResend(lost);
        _sender.QueueResend(lost);

        Assert.True(_sender.TryFill(_now, roundTrip, _buffer, out _, out _));
        Assert.False(_sender.TryFill(_now, roundTrip, _buffer, out _, out _));

        _now += roundTrip;
        _sender.QueueResend(lost);
        Assert.True(_sender.TryFill(_now, roundTrip, _buffer, out _, out _));
    }

    [Fact]
    public void Nack_ForWhatWasNeverSentOrIsTooOld_IsIgnored()
    {
        var lost = SendFrame()[0].SequenceNumber;
        _sender.QueueResend((ushort)(lost - 1));
        _now += TimeSpan.FromSeconds(2);
        _sender.QueueResend(lost);

        Assert.False(_sender.TryFill(_now, null, _buffer, out _, out _));
    }

    [Fact]
    public void NackFlood_IsBounded()
    {
        SendFrame();
        for (var i = 0; i < 100_000; i++)
        {
            _sender.QueueResend((ushort)i);
        }

        var sent = 0;
        while (_sender.TryFill(_now, null, _buffer, out _, out _))
        {
            sent++;
        }

        Assert.InRange(sent, 0, 10);
    }

    [Fact]
    public void ViewerThatJoins_GetsNothingBeforeAKeyFrame()
    {
        _sender.Enqueue(Packetize(500, isKeyFrame: false));

        Assert.False(_sender.TryFill(_now, null, _buffer, out _, out _));
        Assert.True(_sender.WaitsForKeyFrame);
        Assert.Equal(1, _sender.Counters.FramesDropped);
    }

    [Fact]
    public void ViewerThatCannotKeepUp_LosesFramesAndWaitsForAKeyFrame()
    {
        for (var i = 0; i < 31; i++)
        {
            _sender.Enqueue(Packetize(500, isKeyFrame: i == 0));
        }

        Assert.True(_sender.WaitsForKeyFrame);
        Assert.False(_sender.TryFill(_now, null, _buffer, out _, out _));
        _sender.Enqueue(Packetize(500, isKeyFrame: true));
        Assert.True(_sender.TryFill(_now, null, _buffer, out _, out _));
    }

    [Fact]
    public void SteadyState_AllocatesNothing()
    {
        var frames = Enumerable.Range(0, 40).Select(i => Packetize(6000, isKeyFrame: true)).ToList();
        void Send(PacketizedFrame frame)
        {
            _now += TimeSpan.FromMilliseconds(33);
            _sender.Enqueue(frame);
            while (_sender.TryFill(_now, null, _buffer, out _, out _))
            {
            }
        }

        frames.ForEach(Send);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < frames.Count; i++)
        {
            Send(frames[i]);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private VideoSender Create(VideoSenderOptions options) => new(options, _outbound);

    private PacketizedFrame Packetize(int size, bool isKeyFrame)
    {
        var content = new byte[size];
        new Random(size).NextBytes(content);
        return _packetizer.Packetize(content, new Vp8FrameInfo(isKeyFrame, 90_000, _now));
    }

    private static PacketizedFrame Uneven(bool isKeyFrame, params ushort[] sizes)
    {
        var frame = new PacketizedFramePool().Rent(0);
        frame.Begin(sizes, new FrameStamp(0, isKeyFrame, default, 0, RtpVideoCodec.H264)).Fill(7);
        return frame;
    }

    private List<Packet> Drain(VideoSender sender)
    {
        var packets = new List<Packet>();
        while (sender.TryFill(_now, null, _buffer, out var length, out var segmentSize))
        {
            packets.AddRange(Decrypt(length, segmentSize));
        }

        return packets;
    }

    private List<Packet> Resend(VideoSender sender, ushort sequenceNumber)
    {
        sender.QueueResend(sequenceNumber);
        return Drain(sender);
    }

    private List<Packet> SendFrame()
    {
        _sender.Enqueue(Packetize(5000, isKeyFrame: true));
        Assert.True(_sender.TryFill(_now, null, _buffer, out var length, out var segmentSize));
        return Decrypt(length, segmentSize);
    }

    private List<Packet> Decrypt(int length, int segmentSize)
    {
        var packets = new List<Packet>();
        for (var offset = 0; offset < length; offset += segmentSize)
        {
            var packet = _buffer.AsSpan(offset, Math.Min(segmentSize, length - offset));
            Assert.Equal(SrtpResult.Ok, _inbound.UnprotectRtp(packet, out var plain));
            Assert.True(RtpPacketView.TryParse(packet[..plain], out var view));
            packets.Add(new Packet(view.SequenceNumber, view.Marker, view.PayloadType, view.Timestamp, view.Ssrc, view.Payload.ToArray()));
        }

        return packets;
    }

    private sealed record Packet(ushort SequenceNumber, bool Marker, byte PayloadType, uint Timestamp, uint Ssrc, byte[] Payload);
}
