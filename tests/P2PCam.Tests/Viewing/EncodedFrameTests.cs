using System.Buffers;

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
