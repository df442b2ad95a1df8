using P2PCam.Sources.Browser;

namespace P2PCam.Tests.Sources;

/// <summary>What a browser is asked to compress with, by who watches.</summary>
public class CodecChoiceTests
{
    private static readonly VideoCodec[] Wanted = [VideoCodec.Vp8, VideoCodec.H264, VideoCodec.Av1];
    private static readonly VideoCodec[] Both = [VideoCodec.Vp8, VideoCodec.H264];
    private static readonly VideoCodec[] OnlyH264 = [VideoCodec.H264];
    private static readonly VideoCodec[] OnlyVp8 = [VideoCodec.Vp8];

    [Fact]
    public void NobodyWatches_TheOrderIsAsWanted() => Assert.Equal(Wanted, CodecChoice.Order(Wanted, []));

    [Fact]
    public void AllCanDecodeTheMostWanted_TheOrderIsAsWanted() => Assert.Equal(Wanted, CodecChoice.Order(Wanted, [Both, OnlyVp8]));

    [Fact]
    public void WhatMoreCanDecode_ComesFirst() => Assert.Equal([VideoCodec.H264, VideoCodec.Vp8, VideoCodec.Av1], CodecChoice.Order(Wanted, [Both, OnlyH264]));

    [Fact]
    public void AsManyEitherWay_TheMostWantedComesFirst() => Assert.Equal(Wanted, CodecChoice.Order(Wanted, [OnlyVp8, OnlyH264]));

    [Fact]
    public void Better_IsWhatMoreCanDecode_OfWhatIsPossible()
    {
        Assert.Equal(VideoCodec.H264, CodecChoice.Better(VideoCodec.Vp8, Wanted, [Both, OnlyH264]));
        Assert.Null(CodecChoice.Better(VideoCodec.Vp8, OnlyVp8, [Both, OnlyH264]));
    }

    [Fact]
    public void Better_IsNotWhatAsManyCanDecode() => Assert.Null(CodecChoice.Better(VideoCodec.H264, Wanted, [OnlyVp8, OnlyH264]));
}
