using System.Buffers;
using P2PCam.TestKit;
using P2PCam.WebRtc.Receiving;
using P2PCam.WebRtc.Rtcp;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Tests.Rtp;
using static P2PCam.WebRtc.Tests.Rtp.H264Samples;

namespace P2PCam.WebRtc.Tests.Receiving;

/// <summary>Frames of the codecs beside VP8, as a receiver puts them together.</summary>
public sealed class CodecReceivingTests : IDisposable
{
    private readonly VideoReceiver _receiver = new(new VideoReceiverOptions
    {
        LocalSsrc = 9,
        Formats =
        [
            new RtpFormat(RtpVideoCodec.H264, 102, 103),
            new RtpFormat(RtpVideoCodec.Vp9, 98, 99),
            new RtpFormat(RtpVideoCodec.Av1, 45, 46),
        ],
        CanonicalName = "test",
    });

    private readonly H264Packetizer _packetizer = new(1000);
    private readonly RtpStream _h264 = new(102);
    private TimeSpan _now = TimeSpan.FromSeconds(1);

    public void Dispose() => _receiver.Dispose();

    [Fact]
    public void H264_AccessUnits_ComeOutAsAnnexB_AlsoFromPacketsInAnyOrder()
    {
        var random = new Random(3);
        byte[][] units = [AnnexB(Sps, Pps, Idr(9000)), AnnexB(Slice(50)), AnnexB(Slice(700), Slice(4000), Slice(20)), AnnexB(Slice(100))];
        var packets = units.SelectMany(unit => _h264.ToPackets(Packetize(unit))).ToList();
        foreach (var packet in packets.Chunk(5).SelectMany(chunk => chunk.OrderBy(_ => random.Next())))
        {
            _receiver.HandleRtp(_now, packet);
        }

        var frames = TakeFrames();
        Assert.Equal(units, frames.Select(frame => frame.Data));
        Assert.Equal([true, false, false, false], frames.Select(frame => frame.IsKeyFrame));
        Assert.All(frames, frame => Assert.Equal((RtpVideoCodec.H264, 0), (frame.Codec, frame.Sizes.Length)));
    }

    [VectorsFact]
    public void H264_PayloadsThatAnotherStackMade_AreRead()
    {
        byte[][] payloads = [.. Enumerable.Range(0, 4).Select(i => File.ReadAllBytes(Path.Combine(Repository.Vectors!, "corpus", "aiortc", $"h264_000{i}.bin")))];

        // Parameter sets, then the first fragment of a key frame, which here is its whole.
        payloads[1][1] &= 0xBF;
        byte[] end = [payloads[1][0], 0x45, 0x77];
        Handle(_h264.ToPackets(payloads[0], payloads[1], end));

        var nals = Split(Assert.Single(TakeFrames()).Data);
        Assert.Equal([7, 8, 5], nals.Select(nal => nal[0] & 0x1F));
        Assert.Equal(payloads[1].Length - 2 + 1 + 1, nals[2].Length);
        Handle(_h264.ToPackets(payloads[3]));
        Assert.Equal(payloads[3], Split(Assert.Single(TakeFrames()).Data).Single());
    }

    [Fact]
    public void H264_KeyFrameWhoseParameterSetsCameEarlier_GetsThem()
    {
        Handle(_h264.ToPackets(Sps, Pps)); // by themselves: nothing to show
        Assert.Empty(TakeFrames());
        Handle(_h264.ToPackets(Idr(100)));
        Handle(_h264.ToPackets(Slice(100)));
        Handle(_h264.ToPackets(Idr(200)));

        Assert.Equal([AnnexB(Sps, Pps, Idr(100)), AnnexB(Slice(100)), AnnexB(Sps, Pps, Idr(200))], TakeFrames().Select(frame => frame.Data));
    }

    [Fact]
    public void H264_KeyFrameThatNothingSaysHowToDecode_IsNotOne()
    {
        Handle(_h264.ToPackets(Idr(100)));
        Assert.Empty(TakeFrames());
        _now += TimeSpan.FromSeconds(1);

        Assert.True(AsksForKeyFrame());
        Handle(_h264.ToPackets(Sps, Pps, Idr(100)));
        Assert.Single(TakeFrames());
    }

    [Fact]
    public void H264_FirstSliceOfAKeyFrameLost_NothingIsMadeOfTheRest()
    {
        byte[] second = Idr(100);
        second[1] = 0x08; // not the picture's first slice
        var packets = _h264.ToPackets(Sps, Pps, Idr(100), second);
        packets.RemoveAt(2);
        Handle(packets);
        Assert.Empty(TakeFrames());
        packets = _h264.ToPackets(Idr(100), second);
        packets.RemoveAt(0);
        Handle(packets);

        Assert.Empty(TakeFrames());
    }

    [Fact]
    public void H264_FramesWithoutPictures_DoNotStopThoseBehind()
    {
        Handle(_h264.ToPackets(Sps, Pps, Idr(100)));
        Handle(_h264.ToPackets([Delimiter]));
        Handle(_h264.ToPackets(Sps, Pps));
        Handle(_h264.ToPackets(Slice(100)));

        Assert.Equal([true, false], TakeFrames().Select(frame => frame.IsKeyFrame));
    }

    [Fact]
    public void H264_AnyPayloads_GiveAResult_AndGoodOnesStillWork()
    {
        var random = new Random(5);
        byte[][] seeds = [Sps, Pps, Idr(60), Slice(60), [.. Packetize(AnnexB(Sps, Pps, Idr(20))).GetPayload(0)], [.. Packetize(AnnexB(Idr(2000))).GetPayload(1)]];
        for (var i = 0; i < 50_000; i++)
        {
            var payload = seeds[random.Next(seeds.Length)].ToArray();
            for (var changes = random.Next(4); changes > 0; changes--)
            {
                payload[random.Next(payload.Length)] = (byte)random.Next(256);
            }

            payload = payload[..random.Next(payload.Length + 1)];
            _receiver.HandleRtp(_now, _h264.ToPacket(payload, marker: random.Next(3) == 0));
            _h264.Timestamp += (uint)random.Next(2);
            TakeFrames();
        }

        Handle(_h264.ToPackets(Sps, Pps, Idr(100)));
        Assert.Single(TakeFrames());
    }

    [Fact]
    public void Av1_TemporalUnits_KeepTheirPayloads()
    {
        var stream = new RtpStream(45);
        byte[][] key = [[0x58, 1, 2], [0x80, 3]];
        byte[][] inter = [[0x10, 9]];
        Handle([.. stream.ToPackets(key), .. stream.ToPackets(inter)]);

        var frames = TakeFrames();
        Assert.Equal([(ushort)3, (ushort)2], frames[0].Sizes);
        Assert.Equal([.. key[0], .. key[1]], frames[0].Data);
        Assert.Equal([(true, RtpVideoCodec.Av1), (false, RtpVideoCodec.Av1)], frames.Select(frame => (frame.IsKeyFrame, frame.Codec)));
    }

    [VectorsFact]
    public void Vp9_ACapture_GoesThroughReceiverAndPacketizer_PayloadByPayload()
    {
        var packets = RtpDump.Read(Path.Combine(Repository.Vectors!, "corpus", "webrtc", "rtpdump-corpus", "vp9", "vp9.rtpdump"))
            .Where(packet => (packet[1] & 0x7F) == 124).Take(18).ToList(); // RTCP is between them; what follows is larger than is sent on
        var payloads = new List<byte[]>();
        foreach (var packet in packets)
        {
            Assert.True(P2PCam.WebRtc.Rtp.RtpPacketView.TryParse(packet, out var view));
            payloads.Add(view.Payload.ToArray());
            packet[1] = (byte)((packet[1] & 0x80) | 98);
            _receiver.HandleRtp(_now, packet);
        }

        var forwarded = new List<byte[]>();
        var packetizer = new PayloadPreservingPacketizer(RtpVideoCodec.Vp9);
        foreach (var frame in TakeFrames())
        {
            var packetized = packetizer.Packetize(frame.Data, new FrameInfo(frame.IsKeyFrame, 0, default) { PayloadSizes = frame.Sizes });
            forwarded.AddRange(Enumerable.Range(0, packetized.PacketCount).Select(i => packetized.GetPayload(i).ToArray()));
            packetized.Release();
        }

        Assert.Equal(payloads, forwarded);
    }

    [Fact]
    public void CodecThatChanges_GoesOnAtItsKeyFrame()
    {
        var av1 = new RtpStream(45);
        Handle(_h264.ToPackets(Sps, Pps, Idr(100)));
        (av1.SequenceNumber, av1.Timestamp) = (_h264.SequenceNumber, _h264.Timestamp);
        Handle(av1.ToPackets([[0x18, 1]]));

        Assert.Equal([RtpVideoCodec.H264, RtpVideoCodec.Av1], TakeFrames().Select(frame => frame.Codec));
    }

    [Fact]
    public void H264_SteadyState_AllocatesNothing()
    {
        var stream = new RtpStream(102);
        var packets = Enumerable.Range(0, 1000).SelectMany(i => stream.ToPackets(Packetize(i == 0 ? AnnexB(Sps, Pps, Idr(3000)) : AnnexB(Slice(2500), Slice(300))))).ToList();
        var next = 0;
        Assert.Equal(0, Allocations.LeastOf(9, () =>
        {
            for (var end = next + (packets.Count / 10); next < end; next++)
            {
                _receiver.HandleRtp(_now, packets[next]);
                while (_receiver.PollFrame(out var frame))
                {
                    ArrayPool<byte>.Shared.Return(frame.Buffer);
                }
            }
        }));
        Assert.InRange(_receiver.Counters.Frames, 890, 1000);
    }

    private PacketizedFrame Packetize(byte[] unit) => _packetizer.Packetize(unit, new FrameInfo(false, 0, default));

    private void Handle(List<byte[]> packets) => packets.ForEach(packet => _receiver.HandleRtp(_now, packet));

    private List<Frame> TakeFrames()
    {
        var frames = new List<Frame>();
        while (_receiver.PollFrame(out var frame))
        {
            frames.Add(new Frame(frame.Data.ToArray(), frame.IsKeyFrame, frame.Codec, frame.PayloadSizes.ToArray()));
            ArrayPool<byte>.Shared.Return(frame.Buffer);
        }

        return frames;
    }

    private bool AsksForKeyFrame()
    {
        var buffer = new byte[2048];
        if (!_receiver.PollFeedback(_now, null, buffer, out var length))
        {
            return false;
        }

        var reader = new RtcpCompoundReader(buffer.AsSpan(0, length));
        var asks = false;
        while (reader.MoveNext())
        {
            asks |= reader.Current.Kind == RtcpPacketKind.PictureLossIndication;
        }

        return asks;
    }

    private sealed record Frame(byte[] Data, bool IsKeyFrame, RtpVideoCodec Codec, ushort[] Sizes);
}
