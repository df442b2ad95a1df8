using P2PCam.Sources.FFmpeg;

namespace P2PCam.Tests.Sources;

public class FFmpegFactsTests
{
    [Theory]
    [InlineData("yuv420p(progressive), 320x240 [SAR 1:1 DAR 4:3], 299 kb/s, 25 fps, 25 tbr, 12800 tbn", null, false, 25)]
    [InlineData("yuv420p(tv, bt709, top first), 720x576 [SAR 64:45 DAR 16:9], 25 fps, 25 tbr", "64:45", true, 25)]
    [InlineData("yuv420p(bottom coded first (swapped)), 720x480, 29.97 fps", null, true, 29.97)]
    [InlineData("yuv420p, 720x576 [SAR 64:45 DAR 16:9], 21 kb/s, SAR 16:15 DAR 4:3, 0.5 fps", "16:15", false, 0.5)]
    [InlineData("yuv420p, 720x576 [SAR 64:45 DAR 16:9], SAR 1:1 DAR 5:4", null, false, 0)]
    [InlineData("yuv420p, 640x480 [SAR 0:1 DAR 0:0], 90k tbr, 90k tbn", null, false, 0)]
    [InlineData("yuv420p, 1920x1088 [SAR 136:135 DAR 16:9], 1k fps", null, false, 1000)]
    public void VideoLine_SaysShapeFieldsAndRate(string line, string? shape, bool isInterlaced, double rate)
    {
        var facts = Read("Input #0, mov,mp4,m4a, from 'a.mp4':", $"  Stream #0:0[0x1](und): Video: h264 (High), {line} (default)");
        Assert.Equal((shape, isInterlaced, rate), (facts.PixelShape, facts.IsInterlaced, facts.FrameRate));
        Assert.Equal("mov,mp4,m4a", facts.Format);
    }

    [Theory]
    [InlineData("      displaymatrix: rotation of -90.00 degrees", 270)]
    [InlineData("      displaymatrix: rotation of 180.00 degrees", 180)]
    [InlineData("      rotate          : 90", 90)]
    [InlineData("      displaymatrix: rotation of -0.00 degrees", 0)]
    [InlineData("      displaymatrix: rotation of nan degrees", 0)]
    public void Turn_IsThatOfThePicture(string line, int expected)
    {
        var facts = Read("Input #0, mov, from 'a.mp4':", "  Stream #0:0: Video: h264, yuv420p, 320x240", "    Side data:", line, "  Stream #0:1: Video: png", "      rotate          : 33");
        Assert.Equal(expected, facts.Rotation);
    }

    [Fact]
    public void WhatComesOut_AndWhatIsSaidLater_IsNotTakenForTheInput()
    {
        var facts = Read(
            "Input #0, wav, from 'a.wav':", "  Stream #0:0: Audio: pcm", "Stream mapping:", "Output #0, flv, to 'pipe:1':", "  Stream #0:0: Video: flv1, yuv420p(top first), 2x2 [SAR 2:1 DAR 2:1]");
        Assert.True(facts.Known.IsCompleted);
        Assert.Equal((null, false, 0), (facts.PixelShape, facts.IsInterlaced, facts.Rotation));
    }

    [Fact]
    public void Words_AreErrorsOnly_AndFactsAreNotAmongThem()
    {
        var words = new FFmpegWords();
        words.Add("[info] Input #0, h264, from 'a':");
        words.Add("[info]   Stream #0:0: Video: h264, yuv420p(top first), 2x2");
        words.Add("[flv @ 0x55] [warning] Timestamps are unset");
        words.Add("[rtsp @ 0x55] [error] method DESCRIBE failed: 404 Not Found");
        words.Add("ffmpeg: not found");
        Assert.Equal("[rtsp @ 0x55] method DESCRIBE failed: 404 Not Found | ffmpeg: not found", words.ToString());
        Assert.True(words.Facts.IsInterlaced);
    }

    private static FFmpegFacts Read(params string[] lines)
    {
        var facts = new FFmpegFacts();
        foreach (var line in lines)
        {
            facts.Add(line);
        }

        return facts;
    }

    [Fact]
    public void SameFailure_HasTheSameWords_WhereverInMemoryFFmpegMetIt()
    {
        static string Said(string place)
        {
            var words = new FFmpegWords();
            words.Add($"[video4linux2,v4l2 @ {place}] [error] ioctl(VIDIOC_STREAMON): Device or resource busy");
            words.Add($"[AVFoundation indev @ {place}] [error] Cannot use FaceTime HD Camera");
            return words.ToString();
        }

        Assert.Equal("[video4linux2,v4l2] ioctl(VIDIOC_STREAMON): Device or resource busy | [AVFoundation indev] Cannot use FaceTime HD Camera", Said("0x55b48037ca40"));
        Assert.Equal(Said("0x55b48037ca40"), Said("000001d2c4f0e9c0"));
    }
}
