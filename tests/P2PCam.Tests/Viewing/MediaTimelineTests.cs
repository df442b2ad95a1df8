using P2PCam.Viewing;

namespace P2PCam.Tests.Viewing;

public class MediaTimelineTests
{
    [Fact]
    public void TimestampsThatWrap_BecomeOneClockFromZero()
    {
        var timeline = new MediaTimeline();
        Assert.Equal(TimeSpan.Zero, timeline.Map(TimeSpan.FromSeconds(7), uint.MaxValue - 2999));
        Assert.Equal(1 / 30.0, timeline.Map(TimeSpan.FromSeconds(7), 0).TotalSeconds, precision: 5);
        Assert.Equal(61 / 30.0, timeline.Map(TimeSpan.FromSeconds(9), 180_000).TotalSeconds, precision: 5);
    }

    [Fact]
    public void AnotherSession_GoesOnWhereTheClockIs()
    {
        var timeline = new MediaTimeline();
        timeline.Map(TimeSpan.FromSeconds(1), 5000);
        timeline.BeginSession();
        Assert.Equal(TimeSpan.FromSeconds(10), timeline.Map(TimeSpan.FromSeconds(10), 77));
        Assert.Equal(TimeSpan.FromSeconds(11), timeline.Map(TimeSpan.FromSeconds(99), 77 + 90_000));
    }

    [Theory]
    [InlineData(3000u, 3000u)]
    [InlineData(3000u, 0u)]
    [InlineData(0u, 0x8000_0000u)]
    public void WhateverASenderSays_TimeNeverStandsStillOrGoesBack(uint first, uint second)
    {
        var timeline = new MediaTimeline();
        var before = timeline.Map(TimeSpan.Zero, first);
        Assert.True(timeline.Map(TimeSpan.Zero, second) > before);
        timeline.BeginSession();
        Assert.True(timeline.Map(TimeSpan.Zero, second) > before);
    }
}
