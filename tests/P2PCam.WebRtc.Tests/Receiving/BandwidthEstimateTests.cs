using P2PCam.WebRtc.Receiving;
using Xunit.Abstractions;

namespace P2PCam.WebRtc.Tests.Receiving;

public class BandwidthEstimateTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.03, 0)]
    [InlineData(0, 30)]
    [InlineData(0.02, 60)]
    public void PathWithoutALimit_SenderClimbsPastOneMegabitWithinTenSeconds(double loss, int jitter)
    {
        using var publisher = new SimulatedPublisher(1) { Loss = loss, Jitter = TimeSpan.FromMilliseconds(jitter) };
        publisher.RunFor(10);

        output.WriteLine($"sends {publisher.Rate:N0}, told {publisher.Told:N0}, {publisher.Reported} packets reported on");
        Assert.InRange(publisher.Rate, 1_000_000, 10_000_000);
        publisher.RunFor(60);
        Assert.Equal(publisher.Most, publisher.Rate);
    }

    [Theory]
    [InlineData(500_000, 500)]
    [InlineData(1_000_000, 500)]
    [InlineData(1_000_000, 150)]
    [InlineData(2_000_000, 300)]
    public void PathThatIsTooNarrow_SenderSettlesBelowItsRate_WithAShortQueue(double bottleneck, int queue)
    {
        using var publisher = new SimulatedPublisher(2) { Bottleneck = bottleneck, LongestQueue = TimeSpan.FromMilliseconds(queue), Most = 4_000_000 };
        publisher.RunFor(20);
        var (rates, queues) = (new List<double>(), new List<double>());
        for (var i = 0; i < 400; i++)
        {
            publisher.RunFor(0.1);
            rates.Add(publisher.Rate);
            queues.Add(publisher.Queue.TotalMilliseconds);
        }

        output.WriteLine($"mean rate {rates.Average():N0} of {bottleneck:N0}, queue mean {queues.Average():F0} ms, most {queues.Max():F0} ms");
        Assert.InRange(rates.Average(), 0.65 * bottleneck, 1.02 * bottleneck);
        Assert.InRange(queues.Average(), 0, 100);
    }

    [Fact]
    public void PathThatGetsNarrow_IsNoticedWithinTwoSeconds()
    {
        using var publisher = new SimulatedPublisher(3);
        publisher.RunFor(40);
        publisher.Bottleneck = 800_000;
        publisher.RunFor(2);

        Assert.InRange(publisher.Told, 100_000, 800_000);
        publisher.Bottleneck = 0;
        publisher.RunFor(30);
        Assert.Equal(publisher.Most, publisher.Rate);
    }

    [Fact]
    public void HeavyLoss_LowersTheEstimateBelowWhatIsSent()
    {
        using var publisher = new SimulatedPublisher(4);
        publisher.RunFor(20);
        publisher.Loss = 0.25;
        publisher.RunFor(5);

        output.WriteLine($"sends {publisher.Rate:N0}, told {publisher.Told:N0}");
        Assert.InRange(publisher.Rate, 100_000, 0.8 * publisher.Most);
    }

    [Theory]
    [InlineData(0.0002)]
    [InlineData(-0.0002)]
    public void ClocksThatDrift_AreNoQueue(double drift)
    {
        using var publisher = new SimulatedPublisher(5) { Drift = drift };
        publisher.RunFor(100);

        Assert.Equal((BandwidthEstimate.Most, publisher.Most), (publisher.Told, publisher.Rate));
    }

    [Fact]
    public void PacketsWithoutSendTimes_AreJudgedByLoss()
    {
        var estimate = new BandwidthEstimate();
        var now = TimeSpan.FromSeconds(1);
        for (var i = 0; i < 1000; i++, now += TimeSpan.FromMilliseconds(10))
        {
            estimate.OnPacket(now, 1250, null);
        }

        Assert.InRange(estimate.BitsPerSecond, 5_000_000, BandwidthEstimate.Most);
        Assert.InRange(estimate.GetReceivedRate(now), 900_000, 1_100_000);
        estimate.OnLoss(now, 0.3);
        Assert.InRange(estimate.BitsPerSecond, 500_000, 1_100_000);
        Assert.Equal(0, estimate.GetReceivedRate(now + TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void SteadyState_AllocatesNothing()
    {
        var estimate = new BandwidthEstimate();
        var now = TimeSpan.FromSeconds(1);
        Assert.Equal(0, Allocations.LeastOf(10, () =>
        {
            for (var i = 0; i < 1000; i++)
            {
                now += TimeSpan.FromMilliseconds(3);
                estimate.OnPacket(now, 1000, (uint)i);
            }
        }));
    }
}
