using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using P2PCam.Codecs.Vp8;
using P2PCam.Sources.FFmpeg;
using P2PCam.Sources.FFmpeg.Encoders;
using P2PCam.TestKit;
using P2PCam.TestKit.Processes;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.Tests.Sources.FFmpegEncoded;

public sealed class FFmpegEncodingSourceTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly LockstepSource _pictures = new();
    private readonly Clips _clips = new();
    private int _count;

    [ToolFact("ffmpeg")]
    public async Task Pictures_BecomeConstrainedBaselineWithTheirTimes_OneForOne()
    {
        await using var source = new FFmpegEncodingSource(_pictures, Software);
        await using var frames = source.ReadFramesAsync().GetAsyncEnumerator();
        for (var i = 0; i < 30; i++)
        {
            var frame = await NextAsync(frames);
            Assert.Equal((VideoCodec.H264, i == 0), (frame.Codec, frame.IsKeyFrame));
            Assert.InRange((LockstepSource.TimeOf(i) - frame.Timestamp).TotalMilliseconds, -1, 3);
            if (i == 0)
            {
                var set = ParametersOf(frame);
                Assert.Equal((66, 0x40, 320, 240, true), (set.Profile, set.Constraints & 0x40, set.Width, set.Height, set.IsProgressive));
            }
        }

        Assert.Equal(("libx264", VideoCodec.H264), (source.Encoder, Assert.Single(source.Codecs)));
    }

    [ToolFact("ffmpeg")]
    public async Task KeyFrame_ThatIsAskedFor_IsTheNextFrame_OfTheSameProcess()
    {
        await using var source = new FFmpegEncodingSource(_pictures, Software);
        await using var frames = source.ReadFramesAsync().GetAsyncEnumerator();
        await NextAsync(frames);
        var process = source.ProcessId;
        for (var i = 0; i < 5; i++)
        {
            Assert.False((await NextAsync(frames)).IsKeyFrame);
            source.RequestKeyFrame();
            Assert.True((await NextAsync(frames)).IsKeyFrame);
        }

        Assert.Equal(process, source.ProcessId);
    }

    [ToolFact("ffmpeg")]
    public async Task BitRate_ThatChanges_TakesANewProcessButNoFrame()
    {
        var time = new FakeTimeProvider();
        await using var source = new FFmpegEncodingSource(_pictures, Software, time);
        await using var frames = source.ReadFramesAsync().GetAsyncEnumerator();
        var seen = new List<SeenFrame> { await NextAsync(frames), await NextAsync(frames) };
        var process = source.ProcessId;
        time.Advance(TimeSpan.FromSeconds(3));
        source.SetTargetBitrate(500_000);
        while (source.ProcessId == process && seen.Count < 5000)
        {
            seen.Add(await NextAsync(frames));
        }

        seen.Add(await NextAsync(frames));
        Assert.Equal([0, seen.Count - 2], Enumerable.Range(0, seen.Count).Where(i => seen[i].IsKeyFrame));
        Assert.All(seen.Skip(1).Zip(seen), pair => Assert.InRange((pair.First.Timestamp - pair.Second.Timestamp).TotalMilliseconds, 29, 38));
        Assert.False(Clips.IsRunning(process!.Value));
        await AssertDecodesAsync(seen);
    }

    [ToolFact("ffmpeg")]
    public async Task BitRate_IsHeld()
    {
        var sizes = new List<int>();
        foreach (var rate in (int[])[300_000, 1_200_000])
        {
            await using var source = new FFmpegEncodingSource(new TestPatternSource(640, 360, 30), o =>
            {
                Software(o);
                o.Bitrate = rate;
            });
            var frames = await Frames.ReadAsync(source, 60).WaitAsync(Limit);
            var span = (frames[^1].Timestamp - frames[0].Timestamp).TotalSeconds;
            Assert.InRange(frames.Sum(frame => frame.Data.Length) * 8 / span, rate * 0.2, rate * 1.6);
            sizes.Add(frames.Sum(frame => frame.Data.Length));
        }

        Assert.True(sizes[1] > 2 * sizes[0], $"{sizes[0]} and {sizes[1]} bytes");
    }

    [ToolFact("ffmpeg")]
    public async Task Size_ThatChanges_GoesOnWithAKeyFrame()
    {
        await using var source = new FFmpegEncodingSource(_pictures, Software);
        await using var frames = source.ReadFramesAsync().GetAsyncEnumerator();
        await NextAsync(frames);
        await NextAsync(frames);
        var other = await NextAsync(frames, 175, 143);
        Assert.True(other.IsKeyFrame);
        Assert.Equal((174, 142), (ParametersOf(other).Width, ParametersOf(other).Height));
    }

    [ToolFact("ffmpeg")]
    public async Task Colours_ComeOutAsTheyWentIn()
    {
        await using var source = new FFmpegEncodingSource(_pictures, Software);
        await using var frames = source.ReadFramesAsync().GetAsyncEnumerator();
        var frame = await NextAsync(frames, colour: (90, 60, 200));
        await File.WriteAllBytesAsync(_clips.PathOf("a.h264"), frame.Data);
        var pixels = Tool.ReadBytes("ffmpeg", "-v", "error", "-i", _clips.PathOf("a.h264"), "-f", "rawvideo", "-pix_fmt", "yuv420p", "pipe:1");
        Assert.Equal(320 * 240 * 3 / 2, pixels.Length);
        Assert.All(pixels[..(320 * 240)], value => Assert.InRange(value, 88, 92));
        Assert.All(pixels[(320 * 240)..(320 * 300)], value => Assert.InRange(value, 58, 62));
        Assert.All(pixels[(320 * 300)..], value => Assert.InRange(value, 198, 202));
    }

    [ToolFact("ffmpeg")]
    public async Task Source_ThatEndsOrFails_HandsItsLastFramesOnFirst()
    {
        await using var source = new FFmpegEncodingSource(_pictures, Software);
        _pictures.Next();
        _pictures.Next();
        _pictures.Complete(new InvalidOperationException("unplugged"));
        var seen = 0;
        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (var frame in source.ReadFramesAsync())
            {
                frame.Dispose();
                seen++;
            }
        });
        Assert.Equal("unplugged", error.Message);

        var once = new LockstepSource();
        once.Next();
        once.Complete();
        Assert.Single(await Frames.ReadAsync(new FFmpegEncodingSource(once, Software)).WaitAsync(Limit));
    }

    [ToolFact("ffmpeg")]
    public async Task Encoder_ThatIsKilled_IsAnErrorAndTheSourceCanBeReadAgain()
    {
        await using var source = new FFmpegEncodingSource(new TestPatternSource(320, 240, 30), Software);
        await using var frames = source.ReadFramesAsync().GetAsyncEnumerator();
        await frames.MoveNextAsync();
        frames.Current.Dispose();
        Process.GetProcessById(source.ProcessId!.Value).Kill();
        var error = await Assert.ThrowsAsync<VideoSourceException>(async () =>
        {
            while (await frames.MoveNextAsync())
            {
                frames.Current.Dispose();
            }
        }).WaitAsync(Limit);
        Assert.Equal("P2P1014", error.Code);
        Assert.True((await Frames.ReadAsync(source, 3).WaitAsync(Limit))[0].IsKeyFrame);
        Assert.Equal("libx264", source.Encoder);
    }

    [ToolFact("ffmpeg")]
    public async Task Reader_ThatStops_EndsTheChild()
    {
        await using var source = new FFmpegEncodingSource(new TestPatternSource(320, 240, 30), Software);
        await using (var frames = source.ReadFramesAsync().GetAsyncEnumerator())
        {
            await frames.MoveNextAsync();
            frames.Current.Dispose();
            _count = source.ProcessId!.Value;
        }

        Assert.False(Clips.IsRunning(_count));
    }

    [Fact]
    public async Task WithoutFFmpeg_TheOwnVp8EncoderTakesOver()
    {
        await using var source = new FFmpegEncodingSource(_pictures, o => o.ExecutablePath = "/nowhere/ffmpeg");
        await using var frames = source.ReadFramesAsync().GetAsyncEnumerator();
        using var decoder = new Vp8Decoder();
        for (var i = 0; i < 6; i++)
        {
            source.RequestKeyFrame();
            var frame = await NextAsync(frames);
            Assert.Equal((VideoCodec.Vp8, true, LockstepSource.TimeOf(i)), (frame.Codec, frame.IsKeyFrame, frame.Timestamp));
            Assert.Equal(Vp8DecodeResult.Ok, decoder.Decode(frame.Data, frame.Timestamp, out var picture));
            picture?.Dispose();
        }

        Assert.Equal(("VP8", VideoCodec.Vp8), (source.Encoder, Assert.Single(source.Codecs)));
    }

    [Fact]
    public async Task WithoutFFmpegAndWithoutVp8_TheReasonIsSaid()
    {
        await using var source = new FFmpegEncodingSource(_pictures, o => (o.ExecutablePath, o.FallBackToVp8) = ("/nowhere/ffmpeg", false));
        var (error, _) = await Frames.FailAsync(source);
        Assert.Equal("P2P1001", error.Code);
    }

    [ToolFact("ffmpeg")]
    public async Task EncodersThatDoNotWorkHere_AreLeftOut()
    {
        // Whether there is one depends on the machine; that a broken one is not taken does not.
        var broken = H264Encoder.For(FFmpegPlatform.Linux)[^1] with { Name = "h264_nothing" };
        var unplayable = H264Encoder.For(FFmpegPlatform.Linux)[^1] with { Filter = ",format=yuv444p", Arguments = ["-preset", "ultrafast", "-tune", "zerolatency"] };
        var software = H264Encoder.For(FFmpegPlatform.Linux)[^1];
        var found = await EncoderProbe.FindAsync("ffmpeg", [broken, unplayable, software], TimeProvider.System, CancellationToken.None);
        Assert.Equal([software], found);
    }

    [ToolFact("true")]
    public async Task NoEncoderAtAll_IsAnErrorWhereVp8IsNotAllowed()
    {
        await using var source = new FFmpegEncodingSource(_pictures, o => (o.ExecutablePath, o.FallBackToVp8) = ("true", false));
        var (error, _) = await Frames.FailAsync(source);
        Assert.Equal("P2P1015", error.Code);
        Assert.Contains("libx264", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_OutsideTheirRanges_NameKeyAndRange()
    {
        Assert.Throws<ArgumentOutOfRangeException>("Bitrate", () => new FFmpegEncodingSource(_pictures, o => o.Bitrate = 1000));
        Assert.Throws<ArgumentOutOfRangeException>("Bitrate", () => new FFmpegEncodingSource(_pictures).SetTargetBitrate(1));
        Assert.Throws<ArgumentOutOfRangeException>("KeyFrameInterval", () => new FFmpegEncodingSource(_pictures, o => o.KeyFrameInterval = TimeSpan.Zero));
        var error = Assert.Throws<ArgumentException>(() => new FFmpegEncodingSource(_pictures, o => o.Encoders.Add("libx265")));
        Assert.Contains("libx264", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Linux", "h264_nvenc h264_qsv h264_vaapi libx264")]
    [InlineData("Windows", "h264_nvenc h264_qsv h264_mf libx264")]
    [InlineData("MacOS", "h264_videotoolbox libx264")]
    public void Encoders_OfEachSystem_AreHardwareFirst(string platform, string names)
    {
        var encoders = H264Encoder.For(Enum.Parse<FFmpegPlatform>(platform));
        Assert.Equal(names, string.Join(' ', encoders.Select(encoder => encoder.Name)));
        Assert.Equal([encoders[^1]], H264Encoder.Choose(["libx264"], Enum.Parse<FFmpegPlatform>(platform)));
    }

    [Fact]
    public void Build_ForSoftware_IsTheWholeCommandLine() => Assert.Equal(
        "-hide_banner -loglevel error -nostdin -probesize 32 -analyzeduration 0 -f matroska -i pipe:0 -map 0:v:0 -copyts -enc_time_base 1:1000 "
        + "-vf crop=trunc(iw/2)*2:trunc(ih/2)*2 -c:v libx264 -preset veryfast -tune zerolatency -profile:v baseline -sc_threshold 0 -forced-idr 1 "
        + "-bf 0 -b:v 1000000 -maxrate 1000000 -bufsize 500000 -g 250 -force_key_frames expr:mod(round(t*1000),2) "
        + "-f flv -flvflags no_duration_filesize -flush_packets 1 pipe:1",
        string.Join(' ', H264Encoder.For(FFmpegPlatform.Linux)[^1].Build(new EncoderSettings(640, 480, 25, 1_000_000, TimeSpan.FromSeconds(10)))));

    public void Dispose() => _clips.Dispose();

    private static void Software(FFmpegEncoderOptions options) => options.Encoders.Add("libx264");

    private static SequenceParameterSet ParametersOf(SeenFrame key) => SequenceParameterSet.FindIn(key.Data)!.Value;

    private async Task AssertDecodesAsync(IReadOnlyCollection<SeenFrame> frames)
    {
        var path = _clips.PathOf("all.h264");
        await File.WriteAllBytesAsync(path, [.. frames.SelectMany(frame => frame.Data)]);
        Assert.Equal(frames.Count, Clips.DecodedPictures(path).Length);
    }

    private async Task<SeenFrame> NextAsync(
        IAsyncEnumerator<EncodedFrame> frames, int width = 320, int height = 240, (byte Y, byte U, byte V)? colour = null)
    {
        _pictures.Next(width, height, colour);
        Assert.True(await frames.MoveNextAsync().AsTask().WaitAsync(Limit));
        using var frame = frames.Current;
        return new SeenFrame(frame.Codec, frame.IsKeyFrame, frame.Timestamp, frame.Data.ToArray());
    }
}
