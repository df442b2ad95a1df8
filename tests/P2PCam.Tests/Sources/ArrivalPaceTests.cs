namespace P2PCam.Tests.Sources;

public class ArrivalPaceTests
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(0.9);

    [Theory]
    [InlineData(1, 3)]
    [InlineData(0.2, 15)]
    [InlineData(30, 0.9)]
    public void SlowSource_MayBeSilentForThreeOfItsIntervals(double rate, double seconds)
    {
        var pace = new ArrivalPace();
        for (var i = 0; i < 10; i++)
        {
            pace.OnFrame(TimeSpan.FromSeconds(i / rate));
        }

        Assert.Equal(seconds, pace.StallAfter(Least).TotalSeconds, 3);
    }

    [Fact]
    public void Bursts_CountByThePauseBetweenThem()
    {
        var pace = new ArrivalPace();
        for (var i = 0; i < 300; i++)
        {
            pace.OnFrame(TimeSpan.FromSeconds(i / 30) + TimeSpan.FromMilliseconds(i % 30));
        }

        Assert.InRange(pace.StallAfter(Least).TotalSeconds, 2.8, 3);
    }

    [Fact]
    public void OneOutage_IsNoHabit()
    {
        var pace = new ArrivalPace();
        for (var i = 0; i < 40; i++)
        {
            pace.OnFrame(TimeSpan.FromSeconds((i / 30.0) + (i > 20 ? 60 : 0)));
        }

        Assert.Equal(Least, pace.StallAfter(Least));
    }

    [Fact]
    public void Habit_IsForgottenWhenItChanges_AndWhenTheSourceIsOpenedAnew()
    {
        var pace = new ArrivalPace();
        for (var i = 0; i < 10; i++)
        {
            pace.OnFrame(TimeSpan.FromSeconds(i));
        }

        for (var i = 0; i <= ArrivalPace.Window; i++)
        {
            pace.OnFrame(TimeSpan.FromSeconds(10 + (i / 30.0)));
        }

        Assert.Equal(Least, pace.StallAfter(Least));
        pace.Restart();
        Assert.False(pace.IsKnown);
    }

    [Fact]
    public void Habit_ExcusesFiveMinutesAtMost()
    {
        var pace = new ArrivalPace();
        for (var i = 0; i < 5; i++)
        {
            pace.OnFrame(TimeSpan.FromHours(i));
        }

        Assert.Equal(ArrivalPace.Longest, pace.StallAfter(Least));
    }
}
