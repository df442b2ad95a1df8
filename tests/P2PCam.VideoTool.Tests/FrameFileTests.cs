using P2PCam.TestKit;
using VideoTool.Containers;

namespace P2PCam.VideoTool.Tests;

/// <summary>IVF and WebM: what was written is read again, by us and by FFmpeg.</summary>
public class FrameFileTests
{
    private const int Width = 48;
    private const int Height = 32;

    private static readonly Rational Rate = new(25, 1);

    [Theory]
    [InlineData("a.ivf")]
    [InlineData("a.webm")]
    public void WriteAndRead_SomeSecondsWithGaps_GivesFramesAndTimesAgain(string name)
    {
        using var folder = new TemporaryFolder();
        var frames = TestVideo.Encode(Width, Height, 45);

        // Every third frame time is empty; more than a cluster's five seconds pass.
        static long Place(int i) => (i * 3 / 2) + (i > 30 ? 200 : 0);
        TestVideo.Write(folder[name], frames, Rate, Width, Height, Place);
        var read = TestVideo.Read(folder[name]);
        Assert.Equal(frames.Count, read.Count);
        for (var i = 0; i < frames.Count; i++)
        {
            Assert.Equal(frames[i].Data, read[i].Data);
            Assert.Equal(Rate.TimeOf(Place(i)).TotalMilliseconds, read[i].Time.TotalMilliseconds, 0.51);
        }

        using var reader = VideoFiles.OpenFrames(folder[name]);
        Assert.Equal((Width, Height, Rate, true), (reader.Format.Width, reader.Format.Height, reader.Format.FrameRate, reader.Format.IsVp8));
    }

    [ToolFact("ffmpeg,ffprobe")]
    public void Written_Files_AreReadByFFmpegToTheSamePictures()
    {
        using var folder = new TemporaryFolder();
        var frames = TestVideo.Encode(Width, Height, 35);
        foreach (var name in (string[])["a.ivf", "a.webm"])
        {
            TestVideo.Write(folder[name], frames, Rate, Width, Height);
            var told = Programs.FFprobe("-count_packets", "-show_entries", "stream=codec_name,width,height,nb_read_packets:format=duration", "-of", "default=nw=1", folder[name]);
            Assert.Contains("codec_name=vp8", told, StringComparison.Ordinal);
            Assert.Contains($"width={Width}", told, StringComparison.Ordinal);
            Assert.Contains("nb_read_packets=35", told, StringComparison.Ordinal);
            Assert.Contains("duration=1.400000", told, StringComparison.Ordinal);
            Programs.FFmpeg("-i", folder[name], "-pix_fmt", "yuv420p", "-fps_mode", "passthrough", folder[name + ".y4m"]);
            CheckSame(folder[name], folder[name + ".y4m"]);
        }
    }

    [ToolFact("ffmpeg,ffprobe")]
    public void WebM_Seeking_FindsTheKeyFrameByTheCues()
    {
        using var folder = new TemporaryFolder();
        TestVideo.Write(folder["a.webm"], TestVideo.Encode(Width, Height, 35), Rate, Width, Height);
        var told = Programs.FFprobe("-read_intervals", "0.9%+#1", "-show_entries", "packet=pts_time,flags", "-of", "csv=p=0", folder["a.webm"]);

        // Key frames are 0, 10, 20, 30; 0.9 s is frame 22.
        Assert.StartsWith("0.800000,K", told, StringComparison.Ordinal);
    }

    [ToolFact("ffprobe")]
    public void WebM_NeverFinished_HasAllFramesButThoseOfTheLastCluster()
    {
        using var folder = new TemporaryFolder();
        using (var writer = VideoFiles.CreateFrames(folder["a.webm"], Width, Height, Rate))
        {
            foreach (var (frame, i) in TestVideo.Encode(Width, Height, 35).Select((frame, i) => (frame, i)))
            {
                writer.Write(frame.Data, i, frame.IsKey);
            }

            // While the writer is there: what a killed program leaves.
            Assert.Equal(30, TestVideo.Read(folder["a.webm"]).Count);
            Assert.Contains("nb_read_packets=30", Programs.FFprobe("-count_packets", "-show_entries", "stream=nb_read_packets", folder["a.webm"]), StringComparison.Ordinal);
        }
    }

    [ToolFact("ffmpeg")]
    public void FFmpegs_Files_AreReadToTheSamePictures()
    {
        using var folder = new TemporaryFolder();
        string[] source = ["-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25", "-f", "lavfi", "-i", "sine", "-t", "2", "-c:v", "libvpx", "-b:v", "200k", "-g", "20", "-auto-alt-ref", "1", "-lag-in-frames", "10"];
        ((string Name, string[] Options) File, string Container)[] files =
        [
            (("a.ivf", ["-an"]), "IVF"), (("a.webm", ["-c:a", "libvorbis"]), "WebM"), (("live.webm", ["-an", "-live", "1"]), "WebM"),
            (("a.mkv", ["-an", "-cluster_time_limit", "300"]), "Matroska"),
        ];
        foreach (var ((name, options), container) in files)
        {
            Programs.FFmpeg([.. source, .. options, folder[name]]);
            Programs.FFmpeg("-i", folder[name], "-pix_fmt", "yuv420p", "-fps_mode", "passthrough", "-an", folder[name + ".y4m"]);
            using (var reader = VideoFiles.OpenFrames(folder[name]))
            {
                Assert.Equal((container, 64, 48, Rate), (reader.Format.Container, reader.Format.Width, reader.Format.Height, reader.Format.FrameRate));
            }

            CheckSame(folder[name], folder[name + ".y4m"]);
        }

    }

    [Fact]
    public void WebM_BlockGroupsAndOtherTracks_GiveTheVideosFrames()
    {
        using var folder = new TemporaryFolder();
        using (var file = VideoFiles.Create(folder["a.webm"]))
        {
            var writer = new EbmlWriter(file);
            writer.WriteMaster(WebMIds.Ebml, header => header.Write(WebMIds.DocType, "webm"));
            writer.StartUnknown(WebMIds.Segment);
            writer.WriteMaster(WebMIds.Tracks, tracks =>
            {
                tracks.WriteMaster(WebMIds.TrackEntry, sound =>
                {
                    sound.Write(WebMIds.TrackNumber, 1);
                    sound.Write(WebMIds.TrackType, 2);
                });
                tracks.WriteMaster(WebMIds.TrackEntry, video =>
                {
                    video.Write(WebMIds.TrackNumber, 200);
                    video.Write(WebMIds.TrackType, 1);
                    video.Write(WebMIds.CodecId, "V_VP8");
                });
            });
            writer.StartUnknown(WebMIds.Cluster);
            writer.Write(WebMIds.Timestamp, 1000);
            writer.Write(WebMIds.SimpleBlock, [0x81, 0, 0, 0x80, 9]);
            writer.WriteMaster(WebMIds.BlockGroup, group => group.Write(WebMIds.Block, [0x40, 200, 0, 40, 0, 1, 2, 3]));
            writer.Write(WebMIds.SimpleBlock, [0x40, 200, 0xFF, 0xF6, 0, 4, 5]);
        }

        var frames = TestVideo.Read(folder["a.webm"]);
        Assert.Equal([[1, 2, 3], [4, 5]], frames.Select(frame => frame.Data));
        Assert.Equal([1040, 990], frames.Select(frame => frame.Time.TotalMilliseconds));
    }

    [Fact]
    public void DecodedReader_FramesLeftOut_RepeatsThePictureBefore()
    {
        using var folder = new TemporaryFolder();
        var frames = TestVideo.Encode(Width, Height, 4);
        TestVideo.Write(folder["a.ivf"], frames, Rate, Width, Height, i => i < 2 ? i : i + 3);
        using var reader = VideoFiles.OpenPictures(folder["a.ivf"]);
        var pictures = new List<byte[]>();
        while (reader.Read() is { } picture)
        {
            pictures.Add(TestVideo.Pixels(picture));
            picture.Dispose();
        }

        Assert.Equal(7, pictures.Count);
        Assert.NotEqual(pictures[0], pictures[1]);
        Assert.All(pictures[2..5], picture => Assert.Equal(pictures[1], picture));
        Assert.NotEqual(pictures[4], pictures[5]);
    }

    private static void CheckSame(string compressed, string y4m)
    {
        using var ours = VideoFiles.OpenPictures(compressed);
        using var theirs = VideoFiles.OpenPictures(y4m);
        for (var number = 0; ; number++)
        {
            using var a = ours.Read();
            using var b = theirs.Read();
            Assert.True(a is null == b is null, $"{compressed}: one of the two ends at picture {number}.");
            if (a is null || b is null)
            {
                Assert.True(number > 30);
                return;
            }

            Assert.True(TestVideo.Pixels(a).AsSpan().SequenceEqual(TestVideo.Pixels(b)), $"{compressed}: picture {number} differs.");
        }
    }
}
