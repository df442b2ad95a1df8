using P2PCam.Sources.FFmpeg.H264;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.Tests.Sources.FFmpegEncoded;

public class SequenceParameterSetTests
{
    [Fact]
    public void Parse_Baseline_YieldsProfileLevelAndSize()
    {
        var set = SequenceParameterSet.Parse(MadeUpH264.Sps())!.Value;
        Assert.Equal((66, 0x40, 31), (set.Profile, set.Constraints, set.Level));
        Assert.Equal((320, 240, true), (set.Width, set.Height, set.IsProgressive));
        Assert.Null(set.MaxReorderFrames);
        Assert.Null(ViewerCompatibility.ObstacleOf(set));
    }

    [Theory]
    [InlineData(1u, true, 1u, 2u, 0u, 4u, 320 - 6, 240 - 8)]
    [InlineData(1u, false, 1u, 2u, 0u, 4u, 320 - 6, 480 - 16)]
    [InlineData(2u, true, 0u, 1u, 3u, 0u, 320 - 2, 240 - 3)]
    [InlineData(3u, true, 0u, 5u, 0u, 7u, 320 - 5, 240 - 7)]
    public void Parse_Cropping_CountsChromaSamplesAndFields(
        uint chroma, bool progressive, uint left, uint right, uint top, uint bottom, int width, int height)
    {
        var set = SequenceParameterSet.Parse(
            MadeUpH264.Sps(profile: 244, chroma: chroma, progressive: progressive, crop: (left, right, top, bottom)))!.Value;
        Assert.Equal((width, height, progressive), (set.Width, set.Height, set.IsProgressive));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(2u)]
    public void Parse_UsabilityInformation_YieldsTheReorderingAtItsEnd(uint frames) =>
        Assert.Equal((int)frames, SequenceParameterSet.Parse(MadeUpH264.Sps(profile: 100, reorder: frames))!.Value.MaxReorderFrames);

    [Theory]
    [InlineData(66, 1u, 8u, true, null)]
    [InlineData(77, 1u, 8u, true, null)]
    [InlineData(100, 1u, 8u, true, null)]
    [InlineData(88, 1u, 8u, true, "Extended")]
    [InlineData(110, 1u, 10u, true, "High 10")]
    [InlineData(122, 2u, 8u, true, "High 4:2:2")]
    [InlineData(100, 2u, 8u, true, "chroma")]
    [InlineData(100, 1u, 10u, true, "10 bits")]
    [InlineData(77, 1u, 8u, false, "interlaced")]
    public void ObstacleOf_WhatViewersDoNotPlay_NamesIt(byte profile, uint chroma, uint depth, bool progressive, string? words)
    {
        var set = SequenceParameterSet.Parse(MadeUpH264.Sps(profile, chroma: chroma, depth: depth, progressive: progressive));
        var obstacle = ViewerCompatibility.ObstacleOf(set!.Value);
        if (words is null)
        {
            Assert.Null(obstacle);
        }
        else
        {
            Assert.Contains(words, obstacle, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void FindIn_AnAccessUnit_IsTheOneInIt()
    {
        Assert.Equal(640, SequenceParameterSet.FindIn(MadeUpH264.AnnexB(MadeUpH264.Sei, MadeUpH264.Sps(macroblocksAcross: 40), MadeUpH264.Pps))!.Value.Width);
        Assert.Null(SequenceParameterSet.FindIn(MadeUpH264.AnnexB(MadeUpH264.Slice(MadeUpH264.P))));
        Assert.Null(SequenceParameterSet.FindIn([0, 0, 1]));
    }

    [Fact]
    public void Parse_CutOffAnywhere_IsNullOrTheSameSize()
    {
        var unit = MadeUpH264.Sps(profile: 100, crop: (0, 1, 0, 1), reorder: 1);
        for (var length = 0; length < unit.Length; length++)
        {
            var set = SequenceParameterSet.Parse(unit.AsSpan(0, length));
            Assert.True(set is null or { MaxReorderFrames: null } or { Width: 318, Height: 238 }, $"{length} bytes: {set}");
        }
    }

    [Fact]
    public void Parse_MoreCroppedThanThereIs_IsNull() =>
        Assert.Null(SequenceParameterSet.Parse(MadeUpH264.Sps(crop: (100, 60, 0, 0))));

    [Fact]
    public void Parse_SizeBeyondAnyLevel_IsNull() => Assert.Null(SequenceParameterSet.Parse(MadeUpH264.Sps(macroblocksAcross: 5000)));

    [Fact]
    public void Parse_AnyBytes_NeverThrows()
    {
        var random = new Random(264);
        var unit = MadeUpH264.Sps(profile: 100, crop: (0, 1, 0, 1), reorder: 1);
        for (var round = 0; round < 20_000; round++)
        {
            var copy = unit.ToArray();
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                copy[random.Next(1, copy.Length)] = (byte)random.Next(256);
            }

            if (SequenceParameterSet.Parse(copy) is { } set)
            {
                Assert.InRange(set.Width, 1, 16384);
                Assert.InRange(set.Height, 1, 32768);
            }
        }
    }
}
