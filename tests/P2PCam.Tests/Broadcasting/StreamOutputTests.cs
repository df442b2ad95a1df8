using P2PCam.Broadcasting;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.Tests.Broadcasting;

public class StreamOutputTests
{
    private readonly List<(RtpVideoCodec Codec, bool IsKeyFrame, uint Timestamp)> _sent = new(4096);
    private readonly StreamOutput _output;
    private TimeSpan _now;

    public StreamOutputTests() => _output = new StreamOutput(new Packetizers(1000), Take, () => _now);

    [Theory]
    [InlineData(VideoCodec.Vp8)]
    [InlineData(VideoCodec.H264)]
    public void FramesOfTheSteadyState_AllocateNothing(VideoCodec codec)
    {
        byte[] frame = [0, 0, 0, 1, 0x41, .. Enumerable.Repeat((byte)0x55, 8000)];
        Assert.True(_output.TryWrite(codec.ToRtp(), frame, true, TimeSpan.Zero));
        Write(codec, frame, 100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Write(codec, frame, 1000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1101, _sent.Count);
    }

    [Fact]
    public void SlateAndCamera_MayDifferInCodec_AndShareOneClock()
    {
        Write(RtpVideoCodec.H264, true, 100);
        Write(RtpVideoCodec.H264, false, 100.033);
        _now += TimeSpan.FromSeconds(1);
        _output.WriteSlate([0x10, 0, 0]);
        _now += TimeSpan.FromSeconds(1);
        Write(RtpVideoCodec.H264, true, 0);

        Assert.Equal([RtpVideoCodec.H264, RtpVideoCodec.H264, RtpVideoCodec.Vp8, RtpVideoCodec.H264], _sent.Select(frame => frame.Codec));
        Assert.Equal([0u, 2970, 90_000, 180_000], _sent.Select(frame => frame.Timestamp - _sent[0].Timestamp));
    }

    [Fact]
    public void TemporalLayer_IsSaidInEachPacketOfVp8()
    {
        PacketizedFrame? sent = null;
        var output = new StreamOutput(new Packetizers(1000), frame => sent = frame, () => default);
        Assert.True(output.TryWrite(RtpVideoCodec.Vp8, new byte[1500], true, default, layer: new TemporalLayer(2, 77, true)));

        Assert.Equal(2, sent!.PacketCount);
        for (var i = 0; i < 2; i++)
        {
            Assert.True(Vp8PayloadDescriptor.TryParse(sent.GetPayload(i), out var descriptor, out _));
            Assert.Equal((2, 77, true), (descriptor.TemporalId, descriptor.Tl0PictureIndex, descriptor.IsLayerSync));
        }
    }

    [Fact]
    public void Vp9_GoesOnInThePayloadsThatItCameIn()
    {
        PacketizedFrame? sent = null;
        var output = new StreamOutput(new Packetizers(1000), frame => sent = frame, () => default);
        Assert.True(output.TryWrite(RtpVideoCodec.Vp9, [1, 2, 3, 4, 5], true, default, [3, 2]));

        Assert.Equal((2, RtpVideoCodec.Vp9), (sent!.PacketCount, sent.Codec));
        Assert.Equal([4, 5], sent.GetPayload(1).ToArray());
    }

    private void Write(RtpVideoCodec codec, bool isKeyFrame, double seconds) =>
        Assert.True(_output.TryWrite(codec, [0, 0, 0, 1, (byte)(isKeyFrame ? 0x65 : 0x41), 1, 2, 3], isKeyFrame, TimeSpan.FromSeconds(seconds)));

    private void Write(VideoCodec codec, byte[] frame, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _now += TimeSpan.FromMilliseconds(33);
            _output.TryWrite(codec.ToRtp(), frame, false, _now);
        }
    }

    private void Take(PacketizedFrame frame)
    {
        _sent.Add((frame.Codec, frame.IsKeyFrame, frame.RtpTimestamp));
        frame.Release();
    }
}
