using P2PCam.Broadcasting;

namespace P2PCam.Tests.Broadcasting;

public class SendingTimelineTests
{
    private readonly SendingTimeline _timeline = new();

    [Fact]
    public void FramesAreAsFarApartAsTheyWereCaptured_WhateverTheDelay()
    {
        var first = _timeline.Map(Seconds(1000), Seconds(5));
        Assert.Equal(9000u, _timeline.Map(Seconds(1000.1), Seconds(5.3)) - first);
        Assert.Equal(18_000u, _timeline.Map(Seconds(1000.2), Seconds(5.3)) - first);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-500)]
    [InlineData(100_000)]
    public void SourceThatBeginsAnew_GoesOnFromNow(double newStart)
    {
        var last = _timeline.Map(Seconds(1000), Seconds(5));
        Assert.Equal(5 * 90_000u, _timeline.Map(Seconds(newStart), Seconds(10)) - last);
        Assert.Equal((5 * 90_000u) + 9000, _timeline.Map(Seconds(newStart + 0.1), Seconds(10.1)) - last);
    }

    [Fact]
    public void SlateAndPictures_OnlyGoForward()
    {
        var previous = _timeline.Map(Seconds(7), Seconds(1));
        foreach (var next in new Func<uint>[]
        {
            () => _timeline.MapNow(Seconds(1)),
            () => _timeline.MapNow(Seconds(2)),
            () => _timeline.Map(Seconds(7.033), Seconds(2.5)),
            () => _timeline.Map(Seconds(7.033), Seconds(2.6)),
            () => _timeline.MapNow(Seconds(2.6)),
            () => _timeline.Map(Seconds(3), Seconds(2.6)),
        })
        {
            var now = next();
            Assert.InRange((int)(now - previous), 90, int.MaxValue);
            previous = now;
        }
    }

    [Fact]
    public void ClockThatDrifts_IsFollowedAndPulledBackOnce()
    {
        // One part in a thousand fast for an hour, which is 3.6 s.
        var last = _timeline.Map(TimeSpan.Zero, TimeSpan.Zero);
        for (var second = 1; second <= 3600; second++)
        {
            var next = _timeline.Map(Seconds(second * 1.001), Seconds(second));
            Assert.InRange((int)(next - last), 90, 2 * 90_000);
            Assert.InRange(next / 90_000.0, second - 1.01, second + 1.01);
            last = next;
        }
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
