using Microsoft.Extensions.Time.Testing;
using P2PCam.Sources.FFmpeg.PassThrough;

namespace P2PCam.Tests.Sources.FFmpegEncoded;

public class MediaClockTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Map_KeepsTheStreamsOwnSpacing_WhateverTheArrival()
    {
        var clock = new MediaClock(_time, isLive: true);
        _time.Advance(Seconds(5));
        Assert.Equal(Seconds(5), clock.Map(Seconds(100)));
        _time.Advance(Seconds(0.2));
        Assert.Equal(Seconds(5.04), clock.Map(Seconds(100.04)));
        Assert.Equal(Seconds(5.08), clock.Map(Seconds(100.08)));
    }

    [Fact]
    public void Map_AfterRestart_GoesOn()
    {
        var clock = new MediaClock(_time, isLive: true);
        clock.Map(Seconds(100));
        _time.Advance(Seconds(3));
        clock.Restart();
        Assert.Equal(Seconds(3), clock.Map(Seconds(7)));
    }

    [Theory]
    [InlineData(-50)]
    [InlineData(50)]
    public void Map_LiveClockThatWasSet_IsTakenUpAnewAndNeverRunsBack(double jump)
    {
        var clock = new MediaClock(_time, isLive: true);
        var last = clock.Map(Seconds(100));
        _time.Advance(Seconds(0.04));
        var next = clock.Map(Seconds(100 + jump));
        Assert.Equal(Seconds(0.04), next - last);
    }

    [Fact]
    public void Map_StreamWithoutTimes_CountsArrivals()
    {
        var clock = new MediaClock(_time, isLive: true);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(Seconds(i * 0.04), clock.Map(TimeSpan.Zero));
            _time.Advance(Seconds(0.04));
        }
    }

    [Fact]
    public void Map_FileAheadOfTime_KeepsItsPauses()
    {
        var clock = new MediaClock(_time, isLive: false);
        clock.Map(Seconds(0));
        Assert.Equal(Seconds(10), clock.Map(Seconds(10)));
    }

    [Fact]
    public void Map_FileWhoseReaderStoodStill_GoesOnWithoutHurry()
    {
        var clock = new MediaClock(_time, isLive: false);
        clock.Map(Seconds(0));
        _time.Advance(Seconds(60));
        Assert.Equal(Seconds(60), clock.Map(Seconds(0.04)));
        Assert.Equal(Seconds(60.04), clock.Map(Seconds(0.08)));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
