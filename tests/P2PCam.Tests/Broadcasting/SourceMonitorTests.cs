using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using P2PCam.Broadcasting;
using P2PCam.Diagnostics;

namespace P2PCam.Tests.Broadcasting;

public sealed class SourceMonitorTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(900);
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogCollector _log = new();
    private readonly List<(SourceState State, string? Reason)> _changes = [];
    private readonly StreamMetrics _metrics = new(BroadcastInstruments.For(null), "monitor", () => 0, () => 0);
    private VideoSourceDescription _description = new("test", "Test", 64, 64, 30);

    [Fact]
    public void SourceThatStalls_IsReportedWithinASecond_AndItsNextPictureToo()
    {
        using var monitor = Create();
        monitor.OnOpening();
        for (var i = 0; i < 100; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(33));
            monitor.OnFrame();
        }

        _time.Advance(TimeSpan.FromMilliseconds(800));
        Assert.Equal(SourceState.Live, monitor.State);
        _time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal(SourceState.Unavailable, monitor.State);
        monitor.OnFrame();

        Assert.Equal([SourceState.Opening, SourceState.Live, SourceState.Unavailable, SourceState.Live], _changes.Select(change => change.State));
        Assert.Equal("the source yields no pictures", _changes[2].Reason);
        Assert.Equal(1102, Assert.Single(_log.GetSnapshot()).Id.Id);
    }

    [Fact]
    public void SourceThatEnds_IsReportedAtOnce_AndStaysUnavailableWhileItIsOpenedAgain()
    {
        using var monitor = Create();
        monitor.OnOpening();
        monitor.OnFrame();
        monitor.OnEnded("pulled out", InterruptionReasons.Failed);
        monitor.OnOpening();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((SourceState.Unavailable, "pulled out"), _changes[^1]);
        Assert.Equal(3, _changes.Count);

        monitor.OnFrame();
        Assert.Equal(SourceState.Live, monitor.State);
    }

    [Fact]
    public void SourceThatDoesNotBegin_IsReportedAfterAMoment()
    {
        using var monitor = Create();
        monitor.OnOpening();
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Equal(SourceState.Opening, monitor.State);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal((SourceState.Unavailable, "the source has yielded no picture yet"), _changes[^1]);
    }

    [Fact]
    public void SlowSource_MayTakeThreeOfItsIntervals()
    {
        _description = _description with { FrameRate = 0.5 };
        using var monitor = Create();
        monitor.OnOpening();
        monitor.OnFrame();
        _time.Advance(TimeSpan.FromSeconds(5.9));
        Assert.Equal(SourceState.Live, monitor.State);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(SourceState.Unavailable, monitor.State);
    }

    [Fact]
    public void SourceThatMeasuresItsRate_IsSlowAtFirst_AndItsStallIsNoticedSoonAllTheSame()
    {
        _description = _description with { FrameRate = 0.5 };
        using var monitor = Create();
        monitor.OnOpening();
        monitor.OnFrame();
        _description = _description with { FrameRate = 0 };
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(SourceState.Unavailable, monitor.State);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(0.6, 1)]
    [InlineData(1, 30)]
    public void CameraOfOnePictureASecond_NeverFlapsBetweenSlateAndPicture_ThoughNobodySaidSo(double rate, int burst)
    {
        _description = _description with { FrameRate = burst };
        using var monitor = Create(mayBeSlow: true);
        monitor.OnOpening();
        for (var i = 0; i < 20; i++)
        {
            for (var j = 0; j < burst; j++)
            {
                monitor.OnFrame();
            }

            _time.Advance(TimeSpan.FromSeconds(1 / rate));
        }

        Assert.Equal([SourceState.Opening, SourceState.Live], _changes.Select(change => change.State));
        _time.Advance(TimeSpan.FromSeconds(3 / rate));
        Assert.Equal(SourceState.Unavailable, monitor.State);
    }

    [Fact]
    public void SourceThatIsSlowerThanItSays_FlapsTwiceAtMost()
    {
        using var monitor = Create();
        monitor.OnOpening();
        for (var i = 0; i < 20; i++)
        {
            monitor.OnFrame();
            _time.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.InRange(_changes.Count(change => change.State == SourceState.Unavailable), 1, 2);
    }

    [Fact]
    public void FastCamera_IsNoticedWithinASecond_ThoughItMightHaveBeenSlow()
    {
        using var monitor = Create(mayBeSlow: true);
        monitor.OnOpening();
        for (var i = 0; i < 100; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(33));
            monitor.OnFrame();
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(SourceState.Unavailable, monitor.State);
    }

    [Fact]
    public void SourceThatStaysSilent_IsHung_Once()
    {
        using var monitor = Create();
        var hung = 0;
        monitor.OnHung = () => hung++;
        monitor.OnOpening();
        monitor.OnFrame();
        _time.Advance(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(18));
        Assert.Equal(0, hung);
        _time.Advance(TimeSpan.FromSeconds(2));
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(1, hung);
    }

    [Fact]
    public void SourceThatHasNotBegunYet_IsNeverHung()
    {
        using var monitor = Create();
        var hung = 0;
        monitor.OnHung = () => hung++;
        monitor.OnOpening();
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(0, hung);
    }

    [Fact]
    public void FramesThatCannotBeShown_AreASignOfLifeAndNoMore()
    {
        using var monitor = Create();
        monitor.OnOpening();
        monitor.OnFrame(isPicture: false);
        Assert.Equal(SourceState.Opening, monitor.State);
        monitor.OnFrame();
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            monitor.OnFrame(isPicture: false);
        }

        Assert.Equal(SourceState.Live, monitor.State);
    }

    [Fact]
    public void SizeThatChanges_IsLoggedOnce_ButNotTheFirst()
    {
        using var monitor = Create();
        monitor.OnSize(640, 480);
        monitor.OnSize(640, 480);
        Assert.Empty(_log.GetSnapshot());
        monitor.OnSize(1280, 720);
        monitor.OnSize(1280, 720);

        Assert.Equal((1280, 720), monitor.Size);
        var record = Assert.Single(_log.GetSnapshot());
        Assert.Equal((1103, "Source Test yields 1280x720 now, not 640x480 any more."), (record.Id.Id, record.Message));
    }

    [Fact]
    public void ClosedForWantOfViewers_IsNoStall()
    {
        using var monitor = Create();
        monitor.OnOpening();
        monitor.OnFrame();
        monitor.OnIdle();
        _time.Advance(TimeSpan.FromMinutes(5));
        monitor.OnOpening();
        monitor.OnFrame();

        Assert.Equal([SourceState.Opening, SourceState.Live, SourceState.Idle, SourceState.Opening, SourceState.Live], _changes.Select(change => change.State));
    }

    public void Dispose() => _metrics.Dispose();

    private SourceMonitor Create(bool mayBeSlow = false) => new(() => _description, Timeout, _time, _metrics, new FakeLogger(_log), () => mayBeSlow)
    {
        OnChanged = (state, reason) => _changes.Add((state, reason)),
    };
}
