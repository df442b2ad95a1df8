using P2PCam.Sources.FFmpeg.Containers;

namespace P2PCam.Tests.Sources.FFmpegEncoded;

public class FlvReaderTests
{
    private static readonly byte[] Sps = MadeUpH264.Sps();

    [Fact]
    public async Task Pictures_ComeWithTimesAndKeys_OtherTagsAreSkipped()
    {
        var flv = new FlvWriter().Tag(18, 0, new byte[200_000]).Configuration(Sps).Key(40).Tag(8, 41, 1, 2, 3).Inter(73).Tag(9, 80, 0x17, 2, 0, 0, 0);
        var reads = await ReadAllAsync(flv.Stream);
        Assert.Equal([ContainerStatus.Frame, ContainerStatus.Frame, ContainerStatus.End], reads.Select(read => read.Status));
        Assert.Equal([true, false], reads.Take(2).Select(read => read.Frame.IsKeyFrame));
        Assert.Equal([40, 73], reads.Take(2).Select(read => read.Frame.Time.TotalMilliseconds));
        var key = reads[0].Frame;
        Assert.Equal(
            MadeUpH264.AnnexB(Sps, MadeUpH264.Pps, MadeUpH264.Slice(MadeUpH264.I, isIdr: true)), key.Rented.AsSpan(0, key.Length).ToArray());
    }

    [Fact]
    public async Task Times_GoOnAfter49Days()
    {
        var reads = await ReadAllAsync(new FlvWriter().Configuration(Sps).Key(0xFFFF_FFF0).Inter(0x10).Stream);
        Assert.Equal(32, (reads[1].Frame.Time - reads[0].Frame.Time).TotalMilliseconds);
    }

    [Fact]
    public async Task CompositionOffsets_AreSignedAndTellOfReordering()
    {
        var reads = await ReadAllAsync(new FlvWriter().Configuration(Sps).Key(100, 66).Inter(133, composition: -33).Inter(166).Stream);
        Assert.Equal([166, 100, 166], reads.Take(3).Select(read => read.Frame.Time.TotalMilliseconds));
        Assert.Equal([true, true, false], reads.Take(3).Select(read => read.Frame.MayBeReordered));
    }

    [Fact]
    public async Task ParameterSets_ThatChangeInTheStream_AreGivenToLaterKeyFrames()
    {
        var larger = MadeUpH264.Sps(macroblocksAcross: 40);
        var slice = MadeUpH264.Slice(MadeUpH264.I, isIdr: true);
        var flv = new FlvWriter().Configuration(Sps).Picture(0, 0, larger, MadeUpH264.Pps, slice).Key(33);
        var second = (await ReadAllAsync(flv.Stream))[1].Frame;
        Assert.Equal(MadeUpH264.AnnexB(larger, MadeUpH264.Pps, slice), second.Rented.AsSpan(0, second.Length).ToArray());
    }

    [Fact]
    public async Task BFrames_AreUnplayable()
    {
        var last = (await ReadAllAsync(new FlvWriter().Configuration(Sps).Key(0).Inter(33, MadeUpH264.B).Stream))[^1];
        Assert.Equal(ContainerStatus.Unplayable, last.Status);
        Assert.Contains("B-frames", last.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Profile_ThatViewersLack_IsUnplayableAheadOfTheStreamOrInside(bool inside)
    {
        var high10 = MadeUpH264.Sps(profile: 110, depth: 10);
        var flv = inside
            ? new FlvWriter().Configuration(Sps).Picture(0, 0, high10, MadeUpH264.Pps, MadeUpH264.Slice(MadeUpH264.I, isIdr: true))
            : new FlvWriter().Configuration(high10).Key(0);
        var read = Assert.Single(await ReadAllAsync(flv.Stream));
        Assert.Equal(ContainerStatus.Unplayable, read.Status);
        Assert.Contains("High 10", read.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0x90, 0x68, 0x76, 0x63, 0x31 }, "hvc1")]
    [InlineData(new byte[] { 0x12, 0, 0, 0, 0 }, "FLV codec 2")]
    public async Task OtherCodecs_AreNamed(byte[] body, string name)
    {
        var read = Assert.Single(await ReadAllAsync(new FlvWriter().Tag(9, 0, body).Stream));
        Assert.Equal((ContainerStatus.OtherCodec, name), (read.Status, read.Detail));
    }

    [Fact]
    public async Task PictureOfTooManyBytes_IsRefusedBeforeItIsRead()
    {
        var flv = new FlvWriter().Configuration(Sps).Bytes;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var reads = await ReadAllAsync(new MemoryStream([.. flv, 9, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0]));
        Assert.Equal(ContainerStatus.Malformed, Assert.Single(reads).Status);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public async Task Bytes_ChangedAnywhere_GiveAStatusAndNeverAnException()
    {
        var flv = new FlvWriter().Tag(18, 0, 1, 2, 3).Configuration(Sps);
        for (uint i = 0; i < 20; i++)
        {
            _ = i % 5 == 0 ? flv.Key(i * 33) : flv.Inter(i * 33);
        }

        var random = new Random(31);
        var seen = new HashSet<ContainerStatus>();
        var before = GC.GetAllocatedBytesForCurrentThread();
        const int Rounds = 3000;
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = flv.Bytes;
            for (var change = random.Next(1, 8); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            seen.Add((await ReadAllAsync(new MemoryStream(bytes, 0, random.Next(bytes.Length / 2, bytes.Length + 1))))[^1].Status);
        }

        Assert.Equal([ContainerStatus.End, ContainerStatus.Malformed, ContainerStatus.OtherCodec, ContainerStatus.Unplayable], seen.Order());
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Rounds, 0, 2 * ContainerInput.MaxFrameBytes);
    }

    [Fact]
    public async Task Noise_IsMalformedOrEnds()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            var noise = new byte[random.Next(0, 4096)];
            random.NextBytes(noise);
            Assert.Contains(Assert.Single(await ReadAllAsync(new MemoryStream(noise))).Status, (ContainerStatus[])[ContainerStatus.Malformed, ContainerStatus.End]);
        }
    }

    internal static async Task<List<ContainerRead>> ReadAllAsync(Stream stream, IContainerReader? reader = null)
    {
        reader ??= new FlvReader(stream);
        var reads = new List<ContainerRead>();
        do
        {
            reads.Add(await reader.ReadAsync());
        }
        while (reads[^1].Status == ContainerStatus.Frame);
        return reads;
    }
}
