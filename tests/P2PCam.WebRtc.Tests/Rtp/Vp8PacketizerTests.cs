using P2PCam.TestKit.Measuring;
using P2PCam.WebRtc.Rtp;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Tests.Rtp;

public class Vp8PacketizerTests
{
    [Fact]
    public void Packetize_AnyLengthAndPacketSize_GivesEqualPayloadsThatJoinToTheFrame()
    {
        var random = new Random(11);
        var pool = new PacketizedFramePool();
        foreach (var maximum in (int[])[7, 8, 13, 100, 1154])
        {
            var packetizer = new Vp8Packetizer(new SeededRandom(1), maximum, pool);
            for (var length = 1; length < 3000; length += length < 60 ? 1 : 97)
            {
                var encoded = new byte[length];
                random.NextBytes(encoded);
                var frame = packetizer.Packetize(encoded, default);
                AssertShape(frame, maximum, length);
                Assert.Equal(encoded, Join(frame));
                frame.Release();
            }
        }
    }

    [Fact]
    public void Packetize_FrameOfThreePackets_BalancesThem()
    {
        var frame = new Vp8Packetizer(new SeededRandom(1)).Packetize(new byte[3000], default);

        // 3000 bytes in packets of at most 1150 of VP8: three of 1000, not two full ones and a rest of 700.
        Assert.Equal((3, 1004, 1004), (frame.PacketCount, frame.PayloadSize, frame.LastPayloadSize));
    }

    [Fact]
    public void Packetize_Descriptors_StartOnceAndRepeatThePictureId()
    {
        var packetizer = new Vp8Packetizer(new FixedRandom(0x7F, 0xFF));
        var first = packetizer.Packetize(new byte[2500], new Vp8FrameInfo(true, 90, TimeSpan.FromSeconds(1)));
        var second = packetizer.Packetize(new byte[10], new Vp8FrameInfo(false, 180, TimeSpan.FromSeconds(2)) { IsNonReference = true });

        for (var i = 0; i < 3; i++)
        {
            Assert.True(Vp8PayloadDescriptor.TryParse(first.GetPayload(i), out var descriptor, out _));
            Assert.Equal(
                (i == 0, 0, 0x7FFF, true),
                (descriptor.IsPartitionStart, descriptor.PartitionIndex, descriptor.PictureId, descriptor.HasLongPictureId));
            Assert.Equal(
                (false, -1, -1, -1),
                (descriptor.IsNonReference, descriptor.Tl0PictureIndex, descriptor.TemporalId, descriptor.KeyIndex));
        }

        Assert.True(Vp8PayloadDescriptor.TryParse(second.GetPayload(0), out var next, out _));
        Assert.Equal((0, true), (next.PictureId, next.IsNonReference)); // 15 bits wrap
        Assert.Equal((0L, true, 90u, TimeSpan.FromSeconds(1)), (first.Sequence, first.IsKeyFrame, first.RtpTimestamp, first.CaptureTime));
        Assert.Equal((1L, false, 180u), (second.Sequence, second.IsKeyFrame, second.RtpTimestamp));
    }

    [Fact]
    public void Packetize_TemporalLayer_GoesIntoEachDescriptor()
    {
        var info = default(Vp8FrameInfo) with { TemporalLayer = new Vp8TemporalLayer(200, 2, true) };
        var frame = new Vp8Packetizer(new SeededRandom(1)).Packetize(new byte[2000], info);
        for (var i = 0; i < frame.PacketCount; i++)
        {
            Assert.True(Vp8PayloadDescriptor.TryParse(frame.GetPayload(i), out var descriptor, out _));
            Assert.Equal((200, 2, true, 6), (descriptor.Tl0PictureIndex, descriptor.TemporalId, descriptor.IsLayerSync, descriptor.Length));
        }
    }

    [Fact]
    public void Packetize_LargestPacketWithAllOverheads_FitsTheDatagram()
    {
        var frame = new Vp8Packetizer(new SeededRandom(1)).Packetize(new byte[RtpPacketLimits.DefaultMaxPayload - 4], default);
        Assert.Equal(1, frame.PacketCount);
        Assert.Equal(
            RtpPacketLimits.MaxDatagram,
            RtpHeader.FixedLength + RtpPacketLimits.MaxExtensionBlock + RtxPayload.HeaderLength + frame.PayloadSize
                + RtpPacketLimits.SrtpOverhead);
    }

    [Fact]
    public void Packetize_EmptyFrame_Throws() =>
        Assert.Throws<ArgumentException>(() => new Vp8Packetizer(new SeededRandom(1)).Packetize([], default));

    [Fact]
    public void Packetize_SteadyState_AllocatesNothing()
    {
        var packetizer = new Vp8Packetizer(new SeededRandom(1));
        var key = new byte[60_000];
        var inter = new byte[9_000];
        var held = new Queue<PacketizedFrame>();
        Run(200);
        Assert.Equal(0, SteadyState.LeastAllocated(() => Run(1000)));

        void Run(int frames)
        {
            for (var i = 0; i < frames; i++)
            {
                var isKey = i % 25 == 0;
                var info = new Vp8FrameInfo(isKey, (uint)i * 3000, TimeSpan.FromMilliseconds(i * 33));
                var frame = packetizer.Packetize(isKey ? key : inter, info);
                held.Enqueue(frame); // a second of history, as retransmission keeps it
                if (held.Count > 30)
                {
                    held.Dequeue().Release();
                }
            }
        }
    }

    private static void AssertShape(PacketizedFrame frame, int maximum, int length)
    {
        Assert.InRange(frame.PayloadSize, 5, maximum);
        Assert.InRange(frame.LastPayloadSize, 5, frame.PayloadSize);
        Assert.Equal(frame.TotalSize, length + (4 * frame.PacketCount));
        for (var i = 0; i < frame.PacketCount; i++)
        {
            Assert.Equal(i == frame.PacketCount - 1 ? frame.LastPayloadSize : frame.PayloadSize, frame.GetPayload(i).Length);
        }
    }

    private static byte[] Join(PacketizedFrame frame)
    {
        var joined = new List<byte>();
        for (var i = 0; i < frame.PacketCount; i++)
        {
            Assert.True(Vp8PayloadDescriptor.TryParse(frame.GetPayload(i), out var descriptor, out var data));
            Assert.Equal(i == 0, descriptor.IsFrameStart);
            joined.AddRange(data);
        }

        return [.. joined];
    }

    private sealed class FixedRandom(params byte[] bytes) : IRandomSource
    {
        public void Fill(Span<byte> destination) => bytes.AsSpan(0, destination.Length).CopyTo(destination);
    }
}
