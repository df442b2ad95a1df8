using P2PCam.Broadcasting;

namespace P2PCam.Tests.Broadcasting;

/// <summary>In virtual time: a loop that spins would never give the thread back, and one that waits counts its waits.</summary>
public sealed class RetryingTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly List<string> _said = [];
    private int _attempts;

    [Fact]
    public async Task EachAttempt_IsPrecededByAWait_ThatGrowsUpToTheLongest()
    {
        using var stop = new CancellationTokenSource();
        var waits = new List<TimeSpan>();
        var clock = new WaitingClock(waits, stop, until: 8);
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
        await new Retrying(backoff.Next, clock, _said.Add).UntilItWorksAsync(Fail, stop.Token).WaitAsync(Limit);
        Assert.Equal([1, 2, 4, 8, 16, 30, 30, 30], waits.Select(wait => (int)wait.TotalSeconds));
    }

    [Fact]
    public async Task SameFailure_IsSaidOncePerStepOfTheBackoff()
    {
        using var stop = new CancellationTokenSource();
        var clock = new WaitingClock([], stop, until: 100);
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
        await new Retrying(backoff.Next, clock, _said.Add).UntilItWorksAsync(Fail, stop.Token).WaitAsync(Limit);
        Assert.Equal(99, _attempts);
        Assert.Equal(6, _said.Count);
    }

    [Fact]
    public async Task AnotherFailure_IsSaidAtOnce()
    {
        using var stop = new CancellationTokenSource();
        var clock = new WaitingClock([], stop, until: 21);
        await new Retrying(() => TimeSpan.FromSeconds(1), clock, _said.Add)
            .UntilItWorksAsync(_ => throw new InvalidOperationException(_attempts++ < 10 ? "port taken" : "no camera"), stop.Token).WaitAsync(Limit);
        Assert.Equal(["port taken", "no camera"], _said);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task NoWaitAtAll_IsNotTakenLiterally(int milliseconds)
    {
        using var stop = new CancellationTokenSource();
        var waits = new List<TimeSpan>();
        await new Retrying(() => TimeSpan.FromMilliseconds(milliseconds), new WaitingClock(waits, stop, until: 3), _said.Add).UntilItWorksAsync(Fail, stop.Token).WaitAsync(Limit);
        Assert.All(waits, wait => Assert.Equal(Retrying.ShortestWait, wait));
    }

    [Fact]
    public async Task ClockOfADisposedProvider_EndsTheLoop()
    {
        using var stop = new CancellationTokenSource();
        Assert.False(await new Retrying(() => TimeSpan.FromSeconds(1), new DisposedClock(), _said.Add).UntilItWorksAsync(Fail, stop.Token).WaitAsync(Limit));
        Assert.Equal(0, _attempts);
    }

    [Fact]
    public async Task CancellationThatIsNotTheOwners_IsAFailureLikeAnother()
    {
        using var stop = new CancellationTokenSource();
        var clock = new WaitingClock([], stop, until: 5);
        var worked = await new Retrying(() => TimeSpan.FromSeconds(1), clock, _said.Add)
            .UntilItWorksAsync(_ => _attempts++ < 2 ? throw new TaskCanceledException("timed out") : Task.CompletedTask, stop.Token).WaitAsync(Limit);
        Assert.True(worked);
        Assert.Equal(["timed out"], _said);
    }

    private Task Fail(CancellationToken cancellationToken)
    {
        _attempts++;
        throw new InvalidOperationException("port taken");
    }

    /// <summary>Every wait is over at once; ends the loop after so many.</summary>
    private sealed class WaitingClock(List<TimeSpan> waits, CancellationTokenSource stop, int until) : TimeProvider
    {
        private int _count;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            waits.Add(dueTime);
            if (++_count >= until)
            {
                stop.Cancel();
            }

            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    private sealed class DisposedClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => throw new ObjectDisposedException("IServiceProvider");
    }
}
