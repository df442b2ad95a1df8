using P2PCam.Codecs.Vp8.Encoding;

namespace P2PCam.Codecs.Tests.Vp8;

public class FrameClockTests
{
    [Fact]
    public void Advance_TimestampsThatStandStillGoBackOrPause_GivesTheUsualInterval()
    {
        var clock = new FrameClock(25);
        Assert.Equal(0.04, clock.Advance(TimeSpan.FromSeconds(5)));
        Assert.Equal(0.04, clock.Advance(TimeSpan.FromSeconds(5)));
        Assert.Equal(0.04, clock.Advance(TimeSpan.FromSeconds(1)));
        Assert.Equal(0.04, clock.Advance(TimeSpan.FromSeconds(60)));
        Assert.Equal(0.04, clock.Interval);
    }

    [Fact]
    public void Advance_AnotherFrameRateThanSaid_IsLearned()
    {
        var clock = new FrameClock(30);
        clock.Advance(TimeSpan.Zero);
        for (var i = 1; i <= 60; i++)
        {
            Assert.Equal(0.1, clock.Advance(TimeSpan.FromSeconds(i / 10.0)), 6);
        }

        Assert.Equal(0.1, clock.Interval, 3);
        clock.SetFrameRate(30);
        Assert.Equal(1 / 30.0, clock.Interval);
    }
}
