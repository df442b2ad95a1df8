using P2PCam.Codecs.Vp8.Encoding;

namespace P2PCam.Codecs.Tests.Vp8;

public class RateHistoryTests
{
    private const double Interval = 0.1;

    [Fact]
    public void Starts_OfWindowsThatEndNow_TellsWhatWasAheadThreeSecondsAgo()
    {
        var history = new RateHistory();
        for (var frame = 0; frame < 70; frame++)
        {
            history.Advance(Interval);
            history.Add(frame == 40 ? Interval + 0.3 : Interval);
        }

        // At 7.1 s: what ends from 0.1 s on began from 4.2 s on, after the large frame; what ends now, at 4.1 s, before it.
        history.Advance(Interval);
        Assert.Equal(0, history.Starts(Interval, 0.5).Least - history.Ahead, 6);
        Assert.Equal(-0.3, history.Starts(0, 0.5).Least - history.Ahead, 6);
    }

    [Fact]
    public void Starts_BeforeThreeSeconds_IsWhereTheFirstFrameLeftIt()
    {
        var history = new RateHistory();
        history.Add(0.15);
        history.Advance(0.01);
        history.Advance(1);
        Assert.Equal(0.14, history.Starts(Interval, 0.5).Least, 6);
        Assert.True(double.IsNegativeInfinity(history.Starts(Interval, 0.5).Most));
    }

    [Fact]
    public void Forget_BeginsAgain()
    {
        var history = new RateHistory();
        for (var frame = 0; frame < 80; frame++)
        {
            history.Advance(Interval);
            history.Add(2 * Interval);
        }

        history.Forget();
        Assert.Equal(history.Ahead, history.Starts(Interval, 0.5).Least, 6);
    }
}
