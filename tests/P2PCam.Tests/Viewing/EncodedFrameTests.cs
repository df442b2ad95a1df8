using System.Buffers;
using System.Runtime.InteropServices;
using P2PCam.WebRtc.Receiving;

namespace P2PCam.Tests.Viewing;

public class EncodedFrameTests
{
    [Fact]
    public void Copy_KeepsBytesAndDescription()
    {
        byte[] bytes = [1, 2, 3];
        using var frame = EncodedFrame.Copy(bytes, VideoCodec.H264, true, TimeSpan.FromSeconds(2));
        bytes[0] = 9;
        Assert.Equal([1, 2, 3], frame.Data.ToArray());
        Assert.Equal((VideoCodec.H264, true, TimeSpan.FromSeconds(2)), (frame.Codec, frame.IsKeyFrame, frame.Timestamp));
    }

    [Theory]
    [InlineData(VideoCodec.Vp9)]
    [InlineData(VideoCodec.Av1)]
    [InlineData(VideoCodec.H264)]
    [InlineData(VideoCodec.Vp8)]
    public void TakeOver_KeepsCodecLayerAndHowItWasCut(VideoCodec expected)
    {
        // As a receiver lays it out: data, then, on an even offset, the sizes of the payloads.
        var buffer = ArrayPool<byte>.Shared.Rent(64);
        var sizes = new ushort[] { 4, 1 };
        MemoryMarshal.AsBytes<ushort>(sizes).CopyTo(buffer.AsSpan(6));
        using var frame = EncodedFrame.TakeOver(new ReceivedFrame(buffer, 5, 90_000, true, default) { Codec = expected.ToRtp(), Rid = "h", PayloadCount = 2 }, TimeSpan.FromSeconds(1));

        Assert.Equal((expected, "h", true, TimeSpan.FromSeconds(1), 5), (frame.Codec, frame.Layer, frame.IsKeyFrame, frame.Timestamp, frame.Data.Length));
        Assert.Equal(sizes, frame.PayloadSizes.ToArray());
    }

    [Fact]
    public void CopyAndWrap_HaveALayerIfTold_AndNoPayloads()
    {
        using var copy = EncodedFrame.Copy([1], VideoCodec.Vp8, true, default, "low");
        using var wrap = EncodedFrame.Wrap(new byte[1], VideoCodec.Vp8, true, default);
        Assert.Equal(("low", null), (copy.Layer, wrap.Layer));
        Assert.Equal((0, 0), (copy.PayloadSizes.Length, wrap.PayloadSizes.Length));
    }

    [Fact]
    public void Wrap_DisposesItsOwnerWithTheLastReference()
    {
        var owner = new Owner();
        var frame = EncodedFrame.Wrap(owner.Memory, VideoCodec.Vp8, false, default, owner);
        frame.AddReference();
        frame.Dispose();
        Assert.Equal(0, owner.Disposed);
        _ = frame.Data;

        frame.Dispose();
        frame.Dispose();
        Assert.Equal(1, owner.Disposed);
        Assert.Throws<ObjectDisposedException>(() => frame.Data);
        Assert.Throws<ObjectDisposedException>(() => frame.AddReference());
    }

    private sealed class Owner : IMemoryOwner<byte>
    {
        public int Disposed { get; private set; }

        public Memory<byte> Memory { get; } = new byte[4];

        public void Dispose() => Disposed++;
    }
}
