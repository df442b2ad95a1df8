using VideoTool.Containers;

namespace P2PCam.VideoTool.Tests;

/// <summary>Damaged files end in one exception that says so, without much memory or time.</summary>
public class DamagedFileTests
{
    private static readonly Rational Rate = new(25, 1);

    [Theory]
    [InlineData("a.ivf")]
    [InlineData("a.webm")]
    public void Read_EveryTruncation_GivesTheFramesBeforeAndSaysSo(string name)
    {
        using var folder = new TemporaryFolder();
        TestVideo.Write(folder[name], TestVideo.Encode(16, 16, 6), Rate, 16, 16);
        var file = File.ReadAllBytes(folder[name]);
        var most = 0;
        for (var length = 4; length < file.Length; length++)
        {
            var count = Read(file[..length], out _);
            Assert.InRange(count, most, 6);
            most = count;
        }

        // A WebM file's cues come after all frames.
        Assert.InRange(most, 5, 6);
    }

    [Theory]
    [InlineData("a.ivf")]
    [InlineData("a.webm")]
    public void Read_Mutations_GiveFramesOrOneException(string name)
    {
        using var folder = new TemporaryFolder();
        TestVideo.Write(folder[name], TestVideo.Encode(32, 32, 12), Rate, 32, 32);
        var file = File.ReadAllBytes(folder[name]);
        var failed = 0;
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var changed = (byte[])file.Clone();
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                changed[random.Next(random.Next(2) == 0 ? 200 : changed.Length)] = (byte)random.Next(256);
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            Read(changed, out var message);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
            failed += message is null ? 0 : 1;
        }

        Assert.InRange(failed, 100, 2_900);
    }

    [Fact]
    public void Open_OtherFiles_SayWhatWouldBeRight()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.txt"], "hello");
        Assert.Contains("neither Y4M nor IVF nor WebM", Assert.Throws<VideoFileException>(() => VideoFiles.OpenPictures(folder["a.txt"])).Message, StringComparison.Ordinal);
        File.WriteAllBytes(folder["empty"], []);
        Assert.Throws<VideoFileException>(() => VideoFiles.OpenFrames(folder["empty"]));
        Assert.Contains("There is no file", Assert.Throws<Samples.UsageException>(() => VideoFiles.OpenFrames(folder["none"])).Message, StringComparison.Ordinal);
        TestVideo.WriteY4m(folder["a.y4m"], 16, 16, 1, Rate);
        Assert.Contains("not compressed", Assert.Throws<VideoFileException>(() => VideoFiles.OpenFrames(folder["a.y4m"])).Message, StringComparison.Ordinal);
    }

    // Frames read before the end or the damage.
    private static int Read(byte[] file, out string? message)
    {
        var count = 0;
        try
        {
            using IFrameReader reader = file.AsSpan().StartsWith("DKIF"u8) ? new IvfReader(new MemoryStream(file)) : new WebMReader(new MemoryStream(file));
            while (reader.TryRead(out _))
            {
                count++;
            }

            message = null;
        }
        catch (VideoFileException e)
        {
            message = e.Message;
        }

        return count;
    }
}
