using System.Buffers.Binary;
using P2PCam.Sources.FFmpeg.Containers;

namespace P2PCam.Tests.Sources.FFmpegEncoded;

public class IvfReaderTests
{
    [Fact]
    public async Task Frames_ComeWithTimesAndKeys_EmptyOnesAreSkipped()
    {
        var reads = await ReadAllAsync([.. Header(), .. Frame(0, 0x10, 1, 2), .. Frame(1), .. Frame(2, 0x11, 3)]);
        Assert.Equal([ContainerStatus.Frame, ContainerStatus.Frame, ContainerStatus.End], reads.Select(read => read.Status));
        Assert.Equal([true, false], reads.Take(2).Select(read => read.Frame.IsKeyFrame));
        Assert.Equal([TimeSpan.Zero, new TimeSpan(2 * TimeSpan.TicksPerSecond / 30)], reads.Take(2).Select(read => read.Frame.Time));
        Assert.Equal([0x10, 1, 2], reads[0].Frame.Rented.AsSpan(0, reads[0].Frame.Length).ToArray());
        Assert.Equal(VideoCodec.Vp8, reads[0].Frame.Codec);
    }

    [Fact]
    public async Task OtherCodec_IsNamed()
    {
        var read = Assert.Single(await ReadAllAsync(Header("VP90")));
        Assert.Equal((ContainerStatus.OtherCodec, "VP90"), (read.Status, read.Detail));
    }

    [Fact]
    public async Task SizeTimeAndRate_OutsideReason_AreMalformed()
    {
        Assert.Equal(ContainerStatus.Malformed, Assert.Single(await ReadAllAsync(Header(rate: 0))).Status);
        Assert.Equal(ContainerStatus.Malformed, Assert.Single(await ReadAllAsync([.. Header(), .. Frame(ulong.MaxValue, 1)])).Status);
        Assert.Equal(ContainerStatus.Malformed, Assert.Single(await ReadAllAsync([.. Header(), 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0])).Status);
    }

    [Fact]
    public async Task AnyLength_Ends()
    {
        byte[] bytes = [.. Header(), .. Frame(0, 0x10, 1, 2)];
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(ContainerStatus.End, Assert.Single(await ReadAllAsync(bytes[..length])).Status);
        }
    }

    private static Task<List<ContainerRead>> ReadAllAsync(byte[] bytes) =>
        FlvReaderTests.ReadAllAsync(Stream.Null, new IvfReader(new MemoryStream(bytes)));

    private static byte[] Header(string codec = "VP80", uint rate = 30)
    {
        var header = new byte[32];
        "DKIF"u8.CopyTo(header);
        header[6] = 32;
        System.Text.Encoding.ASCII.GetBytes(codec, header.AsSpan(8));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), rate);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(20), 1);
        return header;
    }

    private static byte[] Frame(ulong time, params byte[] bytes)
    {
        var header = new byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(header, bytes.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(4), time);
        return [.. header, .. bytes];
    }
}
