using P2PCam.Sources.FFmpeg;
using P2PCam.TestKit;
using P2PCam.TestKit.Processes;
using P2PCam.Tests.Sources.FFmpegEncoded;

namespace P2PCam.Tests.Sources;

/// <summary>What a picture is besides its pixels, and what gets lost of it unless somebody minds: shape, direction, fields, size, the end of a file.</summary>
public sealed class FFmpegPictureTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly Clips _clips = new();

    [ToolTheory("ffmpeg")]
    [InlineData(720, 576, "16:9", 640, 480)]
    [InlineData(720, 576, "4:3", 1280, 720)]
    [InlineData(704, 576, "4:3", 641, 481)]
    [InlineData(352, 576, "4:3", 640, 480)]
    [InlineData(720, 480, "16:9", 321, 240)]
    [InlineData(320, 240, "1:2", 640, 480)]
    public async Task PixelsThatAreNotSquare_ComeOutSquare_SoThatABallIsRound(int width, int height, string aspect, int outWidth, int outHeight)
    {
        // A ball as it is to be seen: an ellipse in the pixels as they are stored.
        var (across, down) = (int.Parse(aspect.Split(':')[0], null), int.Parse(aspect.Split(':')[1], null));
        var ratio = (double)width / height * down / across;
        var radius = Math.Min(height, width / ratio) * 0.4;
        var ball = FormattableString.Invariant(
            $"color=black:size={width}x{height}:rate=25:duration=0.4,format=gray,geq=lum='if(lt(pow((X-{width}/2)/{ratio},2)+pow(Y-{height}/2,2),pow({radius},2)),235,16)'");
        var clip = Encode("ball.mkv", ball, "-aspect", aspect);
        await using var source = FFmpegSource.FromFile(clip, configure: o => (o.Width, o.Height) = (outWidth, outHeight));
        using var frame = await FirstAsync(source);
        var (ballWidth, ballHeight) = BrightBox(frame);
        Assert.Equal((outWidth, outHeight), (frame.Width, frame.Height));
        Assert.InRange(ballHeight, 40, outHeight);
        Assert.InRange((double)ballWidth / ballHeight, 0.97, 1.03);
    }

    [ToolTheory("ffmpeg")]
    [InlineData(641, 481)]
    [InlineData(640, 481)]
    [InlineData(641, 480)]
    [InlineData(17, 333)]
    public async Task OddSizes_YieldWholePictures_OneForOne(int width, int height)
    {
        var clip = Encode("clip.mkv", "testsrc2=size=320x240:rate=25:duration=0.4");
        await using var source = FFmpegSource.FromFile(clip, loop: false, o => (o.Width, o.Height, o.FrameRate) = (width, height, 25));
        var count = 0;
        var hues = new List<byte>();
        await foreach (var frame in source.ReadFramesAsync())
        {
            using (frame)
            {
                count++;
                hues.Add(frame.GetPlane(1)[(frame.GetStride(1) * (height / 4)) + (frame.GetStride(1) / 2)]);
                Assert.Equal((width, height), (frame.Width, frame.Height));
            }
        }

        // Were each picture a little shorter than it should be, colours would wander.
        Assert.InRange(count, 9, 11);
        Assert.InRange(hues.Max() - hues.Min(), 0, 60);
    }

    [ToolFact("ffmpeg")]
    public async Task PictureThatIsToBeTurned_IsTurned()
    {
        var clip = Encode("upright.mp4", "color=black:size=320x240:rate=25:duration=0.4,drawbox=x=0:y=0:w=160:h=240:c=white:t=fill");
        Tool.Run("ffmpeg", "-v", "error", "-i", clip, "-c", "copy", "-metadata:s:v", "rotate=90", _clips.PathOf("turned.mp4"));
        await using var source = FFmpegSource.FromFile(_clips.PathOf("turned.mp4"), configure: o => (o.Width, o.Height) = (240, 320));
        using var frame = await FirstAsync(source);
        var (across, down) = BrightBox(frame);
        Assert.InRange(across, 236, 240);
        Assert.InRange(down, 156, 164);
    }

    [ToolTheory("ffmpeg")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task InterlacedFootage_IsMadeIntoWholePictures(bool isLive)
    {
        // A bar that jumps by 80 pixels from field to field: woven together, its edge is a comb.
        var fields = "color=black:size=320x240:rate=50:duration=1,format=gray,geq=lum='if(lt(mod(X+N*80,240),80),235,16)',format=yuv420p,interlace=lowpass=0";
        var clip = Encode("fields.ts", fields, "-flags", "+ildct+ilme", "-x264-params", "tff=1:keyint=10");
        await using var source = FFmpegSource.FromInput(clip, isLive, o => (o.Width, o.Height, o.FrameRate) = (320, 240, 25));
        var seen = 0;
        await foreach (var frame in source.ReadFramesAsync())
        {
            using (frame)
            {
                if (++seen > 3)
                {
                    Assert.InRange(Combing(frame), 0, 0.2);
                }

                if (seen == 12)
                {
                    break;
                }
            }
        }
    }

    [ToolTheory("ffmpeg")]
    [InlineData("still.png")]
    [InlineData("still.jpg")]
    [InlineData("still.bmp")]
    [InlineData("still.webp")]
    [InlineData("still.gif")]
    public async Task Still_InALoop_StandsWithoutAnEnd_AndFFmpegDoesNotDecodeItAgainAndAgain(string name)
    {
        Tool.Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=320x240", "-frames:v", "1", _clips.PathOf(name));
        await using var source = FFmpegSource.FromFile(_clips.PathOf(name), configure: o => (o.Width, o.Height) = (160, 120));
        var last = TimeSpan.MinValue;
        var seen = 0;
        await foreach (var frame in source.ReadFramesAsync())
        {
            using (frame)
            {
                Assert.True(frame.Timestamp > last);
                Assert.True(last == TimeSpan.MinValue || frame.Timestamp - last < TimeSpan.FromSeconds(10));
                last = frame.Timestamp;
                if (++seen == 12)
                {
                    break;
                }
            }
        }

        Assert.Equal(12, seen);
    }

    [ToolTheory("ffmpeg")]
    [InlineData("clip.y4m")]
    [InlineData("clip.h264")]
    [InlineData("clip.hevc")]
    [InlineData("clip.ivf")]
    [InlineData("clip.m2v")]
    [InlineData("clip.mjpeg")]
    [InlineData("clip.gif")]
    [InlineData("clip.ts")]
    [InlineData("clip.mp4")]
    public async Task File_InALoop_BeginsAgainWithoutAnEnd(string name)
    {
        Tool.Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=160x120:rate=25:duration=0.6", "-pix_fmt", "yuv420p", "-strict", "-1", _clips.PathOf(name));
        await using var source = FFmpegSource.FromFile(_clips.PathOf(name), configure: o => (o.Width, o.Height, o.FrameRate) = (160, 120, 25));
        var distinct = new HashSet<int>();
        var seen = 0;
        using var limit = new CancellationTokenSource(Limit);
        await foreach (var frame in source.ReadFramesAsync(limit.Token))
        {
            using (frame)
            {
                var hash = default(HashCode);
                hash.AddBytes(frame.GetPlane(0));
                distinct.Add(hash.ToHashCode());
                if (++seen == 50)
                {
                    break;
                }
            }
        }

        Assert.Equal(50, seen);
        Assert.InRange(distinct.Count, 8, 40);
    }

    [ToolTheory("ffmpeg")]
    [InlineData("gray10le")]
    [InlineData("yuv422p10le")]
    [InlineData("yuvj420p")]
    [InlineData("gray")]
    [InlineData("rgba")]
    public async Task OtherPixelFormats_ComeInLimitedRange(string format)
    {
        Tool.Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=white:size=64x64:rate=25:duration=0.4", "-pix_fmt", format, "-c:v", "ffv1", "-strict", "-1", _clips.PathOf("white.mkv"));
        await using var source = FFmpegSource.FromFile(_clips.PathOf("white.mkv"), configure: o => (o.Width, o.Height) = (64, 64));
        using var frame = await FirstAsync(source);
        Assert.InRange(frame.GetPlane(0)[(32 * 64) + 32], 230, 236);
    }

    [ToolFact("ffmpeg")]
    public async Task SoundAlone_IsNoPicture()
    {
        Tool.Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=duration=1", _clips.PathOf("sound.wav"));
        await using var source = FFmpegSource.FromFile(_clips.PathOf("sound.wav"));
        var error = await Assert.ThrowsAsync<VideoSourceException>(() => FirstAsync(source));
        Assert.Equal("P2P1032", error.Code);
        Assert.Contains("sound.wav holds no picture", error.Message, StringComparison.Ordinal);
    }

    [ToolFact("ffmpeg")]
    public async Task LivePictures_AboveTheRate_AreThinnedOut_AndOnesBelowItAreNotFilledUp()
    {
        var arguments = FFmpegArguments.Build(FFmpegInput.Any("x", isLive: true), default, new FFmpegSourceOptions { Width = 16, Height = 16, FrameRate = 10 });
        var filter = arguments[arguments.ToList().IndexOf("-vf") + 1];
        await Task.CompletedTask;
        foreach (var (rate, expected) in ((int, int)[])[(5, 20), (10, 40), (15, 40), (30, 40), (25, 40), (60, 40)])
        {
            var file = _clips.PathOf($"{rate}.yuv");
            Tool.Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", $"testsrc2=size=64x48:rate={rate}:duration=4", "-vf", filter, "-r", "10", "-f", "rawvideo", "-pix_fmt", "yuv420p", file);
            Assert.InRange(new FileInfo(file).Length / 384, expected - 2, expected + 2);
        }
    }

    public void Dispose() => _clips.Dispose();

    private static async Task<VideoFrame> FirstAsync(FFmpegSource source)
    {
        await foreach (var frame in source.ReadFramesAsync())
        {
            return frame;
        }

        throw new InvalidOperationException("There was no picture.");
    }

    // Width and height of what is bright.
    private static (int Width, int Height) BrightBox(VideoFrame frame)
    {
        var luma = frame.GetPlane(0);
        var stride = frame.GetStride(0);
        var (left, right, top, bottom) = (int.MaxValue, -1, int.MaxValue, -1);
        for (var y = 0; y < frame.Height; y++)
        {
            for (var x = 0; x < frame.Width; x++)
            {
                if (luma[(y * stride) + x] > 125)
                {
                    (left, right, top, bottom) = (Math.Min(left, x), Math.Max(right, x), Math.Min(top, y), Math.Max(bottom, y));
                }
            }
        }

        return (right - left + 1, bottom - top + 1);
    }

    // Of all pixels, the share that differs from both its neighbours above and below by far, in the same direction.
    private static double Combing(VideoFrame frame)
    {
        var luma = frame.GetPlane(0);
        var (stride, combed) = (frame.GetStride(0), 0);
        for (var y = 1; y < frame.Height - 1; y++)
        {
            for (var x = 0; x < frame.Width; x++)
            {
                int here = luma[(y * stride) + x], above = luma[((y - 1) * stride) + x], below = luma[((y + 1) * stride) + x];
                combed += Math.Abs(here - above) > 60 && Math.Abs(here - below) > 60 && (here > above) == (here > below) ? 1 : 0;
            }
        }

        return combed / ((double)frame.Width * frame.Height);
    }

    private string Encode(string name, string graph, params string[] options)
    {
        string[] encoder = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-qp", "4", "-pix_fmt", "yuv420p"];
        Tool.Run("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", graph, .. encoder, .. options, _clips.PathOf(name)]);
        return _clips.PathOf(name);
    }
}
