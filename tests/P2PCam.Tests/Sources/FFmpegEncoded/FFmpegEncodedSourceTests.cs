using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using P2PCam.TestKit;
using P2PCam.TestKit.Processes;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.Tests.Sources.FFmpegEncoded;

public sealed class FFmpegEncodedSourceTests : IDisposable
{
    private static readonly byte[] Sps = MadeUpH264.Sps();
    private readonly Clips _clips = new();

    [ToolTheory("ffmpeg")]
    [InlineData("a.mp4", "320x240", "slices=1")]
    [InlineData("cropped.mp4", "642x362", "slices=4")]
    [InlineData("small.mkv", "130x98", "aud=1")]
    [InlineData("raw.h264", "320x240", "slices=3:aud=1")]
    [InlineData("transport.ts", "320x240", "cabac=1:8x8dct=1")]
    public async Task File_OfH264_ComesUnchanged(string name, string size, string x264)
    {
        var clip = _clips.Make(name, size, 1, "-x264-params", x264);
        await using var source = FFmpegEncodedSource.FromFile(clip, loop: false);
        var frames = await Frames.ReadAsync(source);

        Assert.Equal(25, frames.Count);
        Assert.Equal([0, 10, 20], Enumerable.Range(0, 25).Where(i => frames[i].IsKeyFrame));
        Assert.All(frames, frame => Assert.Equal(VideoCodec.H264, frame.Codec));
        Assert.All(frames.Where(frame => frame.IsKeyFrame), frame => Assert.Equal(size, SizeOf(frame)));
        for (var i = 1; i < frames.Count; i++)
        {
            Assert.InRange((frames[i].Timestamp - frames[i - 1].Timestamp).TotalMilliseconds, 39, 41);
        }

        var copy = _clips.PathOf("copy.h264");
        await File.WriteAllBytesAsync(copy, [.. frames.SelectMany(frame => frame.Data)]);
        Assert.Equal(Clips.DecodedPictures(clip), Clips.DecodedPictures(copy));
        Assert.Equal([VideoCodec.H264], source.Codecs);
    }

    [ToolFact("ffmpeg")]
    public async Task File_OfVp8_ComesUnchanged()
    {
        var clip = _clips.Make("a.webm", options: ["-c:v", "libvpx", "-deadline", "realtime"]);
        await using var source = FFmpegEncodedSource.FromFile(clip, loop: false);
        var frames = await Frames.ReadAsync(source);

        Assert.Equal(25, frames.Count);
        Assert.True(frames[0].IsKeyFrame);
        Assert.Equal([VideoCodec.Vp8], source.Codecs);
        using var decoder = new P2PCam.Codecs.Vp8.Vp8Decoder();
        Assert.All(frames, frame =>
        {
            Assert.Equal(P2PCam.Codecs.Vp8.Vp8DecodeResult.Ok, decoder.Decode(frame.Data, frame.Timestamp, out var picture));
            picture?.Dispose();
        });
    }

    [ToolFact("ffmpeg")]
    public async Task File_Looping_GoesOnAtItsPace()
    {
        var clip = _clips.Make("loop.mp4", seconds: 0.4);
        await using var source = FFmpegEncodedSource.FromFile(clip);
        var watch = Stopwatch.StartNew();
        var frames = await Frames.ReadAsync(source, 25);

        Assert.Equal([0, 10, 20], Enumerable.Range(0, 25).Where(i => frames[i].IsKeyFrame));
        Assert.Equal(frames[3].Data, frames[13].Data);
        for (var i = 1; i < frames.Count; i++)
        {
            Assert.InRange((frames[i].Timestamp - frames[i - 1].Timestamp).TotalMilliseconds, 1, 90);
        }

        // No frame before its time; a busy machine may take longer.
        Assert.True(watch.Elapsed >= frames[^1].Timestamp - frames[0].Timestamp - TimeSpan.FromMilliseconds(20), $"25 frames in {watch.Elapsed}");
    }

    [ToolFact("ffmpeg")]
    public async Task Timestamps_GoOnWhenReadAgain()
    {
        await using var source = FFmpegEncodedSource.FromFile(_clips.Make("a.mp4"));
        var first = await Frames.ReadAsync(source, 3);
        var second = await Frames.ReadAsync(source, 3);
        Assert.True(second[0].IsKeyFrame);
        Assert.True(second[0].Timestamp > first[^1].Timestamp);
    }

    [ToolTheory("ffmpeg")]
    [InlineData("b.mp4")]
    [InlineData("b.h264")]
    [InlineData("b.mkv")]
    public async Task File_WithBFrames_IsRefusedBeforeAnythingIsShown(string name)
    {
        await using var source = FFmpegEncodedSource.FromFile(_clips.Make(name, options: ["-bf", "2", "-b_strategy", "0"]));
        var (error, frames) = await Frames.FailAsync(source);
        Assert.Equal(("P2P1008", 0), (error.Code, frames));
        Assert.Contains("B-frames", error.Message, StringComparison.Ordinal);
        Assert.Contains("-bf 0", error.Message, StringComparison.Ordinal);
    }

    [ToolTheory("ffmpeg")]
    [InlineData("High 4:4:4", "-pix_fmt", "yuv444p")]
    [InlineData("interlaced", "-flags", "+ildct+ilme")]
    public async Task File_ThatViewersCannotPlay_IsRefused(string words, params string[] options)
    {
        await using var source = FFmpegEncodedSource.FromFile(_clips.Make("a.mp4", options: options));
        var (error, frames) = await Frames.FailAsync(source);
        Assert.Equal(("P2P1008", 0), (error.Code, frames));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [ToolTheory("ffmpeg")]
    [InlineData("mpeg4", "a.mp4")]
    [InlineData("libx265", "a.mkv")]
    [InlineData("libvpx-vp9", "a.webm")]
    [InlineData("flv1", "a.flv")]
    public async Task File_OfAnotherCodec_IsRefusedByName(string encoder, string name)
    {
        await using var source = FFmpegEncodedSource.FromFile(_clips.Make(name, "64x64", 0.2, "-c:v", encoder));
        var (error, frames) = await Frames.FailAsync(source);
        Assert.Equal(("P2P1007", 0), (error.Code, frames));
        Assert.Contains("UseFile", error.Message, StringComparison.Ordinal);
        Assert.Contains(encoder switch { "libx265" => "hevc", "libvpx-vp9" => "vp9", "flv1" => "FLV codec 2", _ => encoder }, error.Message, StringComparison.Ordinal);
    }

    [ToolTheory("ffmpeg")]
    [InlineData("64:45", "wide.mp4", "-aspect", "16:9")]
    [InlineData("16:15", "wide.mkv", "-aspect", "4:3")]
    [InlineData("16:11", "wide.ts", "-vf", "setsar=16/11")]
    public async Task File_WhosePixelsAreNotSquare_IsRefusedInsteadOfShownAsAnEgg(string words, string name, params string[] options)
    {
        var clip = _clips.Make(name, "720x576", 0.4, options);
        var (error, frames) = await Frames.FailAsync(FFmpegEncodedSource.FromFile(clip));
        Assert.Equal(("P2P1031", 0), (error.Code, frames));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains("UseFile", error.Message, StringComparison.Ordinal);

        await using var accepted = FFmpegEncodedSource.FromFile(clip, configure: o => o.AcceptDistortion = true);
        Assert.Equal(3, (await Frames.ReadAsync(accepted, 3)).Count);
    }

    [ToolTheory("ffmpeg")]
    [InlineData(90)]
    [InlineData(180)]
    [InlineData(270)]
    public async Task File_ThatIsToBeTurned_IsRefusedInsteadOfShownOnItsSide(int degrees)
    {
        var clip = _clips.Make("upright.mp4", seconds: 0.4);
        Tool.Run("ffmpeg", "-v", "error", "-i", clip, "-c", "copy", "-metadata:s:v", $"rotate={degrees}", _clips.PathOf("turned.mp4"));
        var (error, frames) = await Frames.FailAsync(FFmpegEncodedSource.FromFile(_clips.PathOf("turned.mp4")));
        Assert.Equal(("P2P1031", 0), (error.Code, frames));
        Assert.Contains($"by {(degrees == 180 ? 180 : degrees)} degrees", error.Message, StringComparison.Ordinal);
    }

    [ToolTheory("ffmpeg")]
    [InlineData("a.h264", "slices=1")]
    [InlineData("a.ivf", "vp8")]
    public async Task RawFile_Looping_BeginsAgainWithoutAnEnd(string name, string codec)
    {
        var clip = _clips.Make(name, seconds: 0.4, options: codec == "vp8" ? ["-c:v", "libvpx", "-deadline", "realtime"] : []);
        await using var source = FFmpegEncodedSource.FromFile(clip);
        var frames = await Frames.ReadAsync(source, 25).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(frames[3].Data, frames[13].Data);
        for (var i = 1; i < frames.Count; i++)
        {
            Assert.True(frames[i].Timestamp > frames[i - 1].Timestamp);
        }
    }

    [ToolFact("ffmpeg")]
    public async Task File_OfSoundAlone_SaysSo()
    {
        Tool.Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=duration=1", _clips.PathOf("sound.wav"));
        var (error, _) = await Frames.FailAsync(FFmpegEncodedSource.FromFile(_clips.PathOf("sound.wav")));
        Assert.Equal("P2P1032", error.Code);
    }

    [ToolFact("ffmpeg")]
    public async Task OtherCodec_IsAdvisedWhatTakesTheSameInput()
    {
        var clip = _clips.Make("a.mkv", "64x64", 0.2, "-c:v", "libx265");
        var (error, _) = await Frames.FailAsync(FFmpegEncodedSource.FromInput(clip, isLive: false));
        Assert.Contains("UseFFmpegInput", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("UseRtsp", error.Message, StringComparison.Ordinal);
    }

    [ToolFact("ffmpeg")]
    public async Task File_ThatIsMissing_OrNoVideo_SaysSo()
    {
        var (missing, _) = await Frames.FailAsync(FFmpegEncodedSource.FromFile(_clips.PathOf("nothing.mp4")));
        Assert.Equal("P2P1004", missing.Code);

        await File.WriteAllTextAsync(_clips.PathOf("text.mp4"), "no video at all");
        var (text, _) = await Frames.FailAsync(FFmpegEncodedSource.FromFile(_clips.PathOf("text.mp4")));
        Assert.Equal("P2P1002", text.Code);
        Assert.Contains("Invalid data found", text.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Executable_ThatIsMissing_SaysHowToInstallIt()
    {
        var (error, _) = await Frames.FailAsync(FFmpegEncodedSource.FromFile("a.mp4", configure: o => o.ExecutablePath = "/nowhere/ffmpeg"));
        Assert.Equal("P2P1001", error.Code);
    }

    [ToolFact("ffmpeg")]
    public async Task Reader_ThatStopsOrIsCancelled_EndsTheChild()
    {
        await using var source = FFmpegEncodedSource.FromFile(_clips.Make("a.mp4"));
        await Frames.ReadAsync(source, 2);
        Assert.False(Clips.IsRunning(source.ProcessId!.Value));

        using var cancellation = new CancellationTokenSource();
        await using var frames = source.ReadFramesAsync(cancellation.Token).GetAsyncEnumerator(CancellationToken.None);
        await frames.MoveNextAsync();
        frames.Current.Dispose();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (await frames.MoveNextAsync())
            {
                frames.Current.Dispose();
            }
        });
        Assert.False(Clips.IsRunning(source.ProcessId!.Value));
    }

    [ToolFact("sleep")]
    public async Task Stream_BegunInTheMiddle_IsShownFromItsFirstKeyFrame()
    {
        var flv = new FlvWriter().Configuration(Sps).Inter(0).Inter(33).Key(66).Inter(100);
        await using var source = Live(flv, "exit 0");
        await using var frames = source.ReadFramesAsync().GetAsyncEnumerator();
        Assert.True(await frames.MoveNextAsync());
        Assert.True(frames.Current.IsKeyFrame);
        frames.Current.Dispose();
    }

    [ToolFact("sleep")]
    public async Task Stream_WithoutAKeyFrame_SaysWhatToSet()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(16) };
        await using var source = Live(new FlvWriter().Configuration(Sps).Inter(0).Inter(33), "exec sleep 600", time);
        var (error, frames) = await Frames.FailAsync(source);
        Assert.Equal(("P2P1013", 0), (error.Code, frames));
        Assert.Contains("GOP", error.Message, StringComparison.Ordinal);
    }

    [ToolFact("sleep")]
    public async Task LiveStream_ThatStalls_IsGivenUpAfterItsTimeout()
    {
        var time = new FakeTimeProvider();
        await using var source = Live(new FlvWriter().Configuration(Sps).Key(0), "exec sleep 600", time);
        await using var frames = source.ReadFramesAsync().GetAsyncEnumerator();
        await frames.MoveNextAsync();
        frames.Current.Dispose();
        var next = frames.MoveNextAsync().AsTask();
        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.True(Clips.IsRunning(source.ProcessId!.Value));
        time.Advance(TimeSpan.FromSeconds(0.2));
        var error = await Assert.ThrowsAsync<VideoSourceException>(() => next);
        Assert.Equal("P2P1003", error.Code);
        Assert.Contains("for 5 s", error.Message, StringComparison.Ordinal);
    }

    [ToolFact("sleep")]
    public async Task LiveStream_ThatEnds_IsAnError_AFileThatEndsIsNot()
    {
        var flv = new FlvWriter().Configuration(Sps).Key(0).Inter(33);
        var (error, frames) = await Frames.FailAsync(Live(flv, "exit 0"));
        Assert.Equal(("P2P1011", 2), (error.Code, frames));

        var program = _clips.MakeProgram(flv.Bytes, "exit 0");
        Assert.Equal(2, (await Frames.ReadAsync(FFmpegEncodedSource.FromFile("a", loop: false, o => o.ExecutablePath = program))).Count);
    }

    [ToolFact("sleep")]
    public async Task Bytes_ThatAreNoFlv_AreAnErrorWithWords()
    {
        var (error, _) = await Frames.FailAsync(
            FFmpegEncodedSource.FromInput("x", configure: o => o.ExecutablePath = _clips.MakeProgram([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14], "exit 0")));
        Assert.Equal("P2P1009", error.Code);
    }

    public void Dispose() => _clips.Dispose();

    private static string SizeOf(SeenFrame key)
    {
        var set = SequenceParameterSet.FindIn(key.Data)!.Value;
        return $"{set.Width}x{set.Height}";
    }

    private FFmpegEncodedSource Live(FlvWriter flv, string then, TimeProvider? time = null)
    {
        var program = _clips.MakeProgram(flv.Bytes, then);
        return FFmpegEncodedSource.FromInput("camera", configure: options => options.ExecutablePath = program, timeProvider: time);
    }
}
