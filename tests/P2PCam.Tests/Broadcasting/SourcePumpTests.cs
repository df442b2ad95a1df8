using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using P2PCam.Broadcasting;
using P2PCam.Diagnostics;

namespace P2PCam.Tests.Broadcasting;

public sealed class SourcePumpTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly FakeTimeProvider _time = new();
    private readonly StreamMetrics _metrics = new(BroadcastInstruments.For(null), "pump", () => 0, () => 0);
    private readonly CancellationTokenSource _end = new();
    private readonly FakeFeed _feed = new();
    private readonly SourceMonitor _monitor;
    private volatile bool _isWatched;

    public SourcePumpTests() => _monitor = new(() => _feed.Description, TimeSpan.FromMilliseconds(900), _time, _metrics, NullLogger.Instance) { OnChanged = (_, _) => { } };

    [Fact]
    public async Task SourceThatFails_IsOpenedAgain_LessAndLessOften()
    {
        using var demand = Demand(onlyWhenWatched: false);
        var pump = Run(demand);
        foreach (var wait in new[] { 0.5, 1, 2, 4, 8, 10, 10 })
        {
            var opened = await _feed.NextAsync();
            opened.Fail();
            await UntilAsync(() => _monitor.State == SourceState.Unavailable);
            await AdvanceUntilOpenedAsync(TimeSpan.FromSeconds(wait));
        }

        await EndAsync(pump);
    }

    [Fact]
    public async Task SourceThatHangs_IsCancelledAndOpenedAgain()
    {
        using var demand = Demand(onlyWhenWatched: false);
        var pump = Run(demand);
        var first = await _feed.NextAsync();
        _monitor.OnFrame();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(first.Cancellation.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.True(first.Cancellation.IsCancellationRequested);
        await AdvanceUntilOpenedAsync(TimeSpan.FromSeconds(0.5));

        await EndAsync(pump);
    }

    [Fact]
    public async Task OnlyWhenWatched_OpensForTheFirstViewer_AndClosesAWhileAfterTheLast()
    {
        using var demand = Demand(onlyWhenWatched: true);
        var pump = Run(demand);
        await UntilAsync(() => _monitor.State == SourceState.Idle);
        Assert.Equal(0, _feed.Opened);

        Watch(demand, true);
        var reading = await _feed.NextAsync();
        _monitor.OnFrame();
        Watch(demand, false);
        _time.Advance(TimeSpan.FromSeconds(9));
        Watch(demand, true);
        Watch(demand, false);
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(reading.Cancellation.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(reading.Cancellation.IsCancellationRequested);
        await UntilAsync(() => _monitor.State == SourceState.Idle);

        Watch(demand, true);
        await _feed.NextAsync();
        await EndAsync(pump);
    }

    [Fact]
    public async Task OnlyWhenWatched_SourceThatFailsWhileTheLastViewerLeaves_IsNotTriedFurther()
    {
        using var demand = Demand(onlyWhenWatched: true);
        var pump = Run(demand);
        Watch(demand, true);
        (await _feed.NextAsync()).Fail();
        await UntilAsync(() => _monitor.State == SourceState.Unavailable);
        _time.Advance(TimeSpan.FromSeconds(0.4));
        Watch(demand, false);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        (await _feed.NextAsync()).Fail();
        _time.Advance(TimeSpan.FromSeconds(0.5));
        while (_monitor.State != SourceState.Idle)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        var opened = _feed.Opened;
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(opened, _feed.Opened);
        await EndAsync(pump);
    }

    public void Dispose()
    {
        _monitor.Dispose();
        _metrics.Dispose();
        _end.Dispose();
    }

    private SourceDemand Demand(bool onlyWhenWatched) => new(onlyWhenWatched, TimeSpan.FromSeconds(10), () => _isWatched, _time);

    private Task Run(SourceDemand demand)
    {
        var pump = new SourcePump(_feed, demand, _monitor, _time, _metrics, NullLogger.Instance);
        return Task.Run(() => pump.RunAsync(_end.Token));
    }

    private void Watch(SourceDemand demand, bool watched)
    {
        _isWatched = watched;
        demand.Update();
    }

    private async Task AdvanceUntilOpenedAsync(TimeSpan wait)
    {
        // The pump's wait may begin a moment after its state was seen to change; nothing shortens it.
        var (opened, waited) = (_feed.Opened, TimeSpan.Zero);
        var step = TimeSpan.FromMilliseconds(100);
        while (_feed.Opened == opened)
        {
            _time.Advance(step);
            waited += step;
            await Task.Delay(1);
            Assert.InRange(waited, step, TimeSpan.FromHours(1));
        }

        Assert.InRange(waited, wait, TimeSpan.FromHours(1));
    }

    private async Task EndAsync(Task pump)
    {
        await _end.CancelAsync();
        await pump.WaitAsync(Limit);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!condition())
        {
            await Task.Delay(2, limit.Token);
        }
    }

    private sealed class FakeFeed : IVideoFeed
    {
        private readonly System.Threading.Channels.Channel<Reading> _readings = System.Threading.Channels.Channel.CreateUnbounded<Reading>();
        private int _opened;

        public VideoSourceDescription Description { get; } = new("fake", "Fake", 64, 64, 30);

        public VideoCodec? Codec => null;

        public FeedCounters Counters => default;

        public int Opened => Volatile.Read(ref _opened);

        public Task<Reading> NextAsync() => _readings.Reader.ReadAsync().AsTask().WaitAsync(Limit);

        public async Task ReadAsync(CancellationToken cancellationToken)
        {
            var reading = new Reading(cancellationToken);
            Interlocked.Increment(ref _opened);
            _readings.Writer.TryWrite(reading);
            await reading.Ended.WaitAsync(cancellationToken);
        }

        public Task RunAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void RequestKeyFrame()
        {
        }

        public void Dispose()
        {
        }
    }

    private sealed class Reading(CancellationToken cancellation)
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationToken Cancellation => cancellation;

        public Task Ended => _ended.Task;

        public void Fail() => _ended.SetException(new VideoSourceException("P2P1099", "pulled out"));
    }
}
