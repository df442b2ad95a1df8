using P2PCam.WebRtc.Receiving;
using P2PCam.WebRtc.Rtcp;

namespace P2PCam.WebRtc.Tests.Receiving;

public class TransportArrivalsTests
{
    private readonly TransportArrivals _arrivals = new();
    private readonly byte[] _buffer = new byte[1100];
    private TimeSpan _now = TimeSpan.FromSeconds(100);

    [Fact]
    public void Arrivals_AreReportedOnce_WithGapsAcrossTheWrap()
    {
        ushort[] sequence = [65_533, 65_534, 0, 1, 4];
        foreach (var number in sequence)
        {
            _arrivals.OnPacket(_now, number);
            _now += TimeSpan.FromMilliseconds(5);
        }

        Assert.Empty(Report());
        _now = _arrivals.NextTimeout;
        var report = Report();

        Assert.Equal([65_533, 65_534, 65_535, 0, 1, 2, 3, 4], report.Select(arrival => (int)arrival.SequenceNumber));
        Assert.Equal(sequence, report.Where(arrival => arrival.ArrivalTicks is not null).Select(arrival => arrival.SequenceNumber));
        Assert.Equal([20L, 20L, 20L, 20L], report.Where(a => a.ArrivalTicks is not null).Select(a => a.ArrivalTicks!.Value).Pairwise((a, b) => b - a));
        Assert.Equal(TimeSpan.MaxValue, _arrivals.NextTimeout);
        Assert.Empty(Report());
    }

    [Fact]
    public void OvertakenPacket_IsReportedAfterAll()
    {
        Arrive(10, 12);
        Assert.Equal([true, false, true], Due().Select(arrival => arrival.ArrivalTicks is not null));
        Arrive(11, 13);
        Assert.Equal([11, 12, 13], Due().Where(arrival => arrival.ArrivalTicks is not null).Select(arrival => (int)arrival.SequenceNumber));
        Arrive(12); // twice
        Assert.Equal(TimeSpan.MaxValue, _arrivals.NextTimeout);
    }

    [Fact]
    public void ManyAtOnce_TakeSeveralPackets()
    {
        for (var i = 0; i < 2000; i++)
        {
            _arrivals.OnPacket(_now, (ushort)i);
        }

        _now = _arrivals.NextTimeout;
        var seen = new List<int>();
        while (Report() is { Count: > 0 } report)
        {
            seen.AddRange(report.Select(arrival => (int)arrival.SequenceNumber));
        }

        Assert.Equal(Enumerable.Range(0, 2000), seen);
    }

    [Fact]
    public void HugeJumpsAndLongPauses_GiveReportsThatCanBeRead()
    {
        var random = new Random(2);
        for (var i = 0; i < 20_000; i++)
        {
            _arrivals.OnPacket(_now, (ushort)(random.Next(4) == 0 ? random.Next(65_536) : i));
            _now += TimeSpan.FromMilliseconds(random.Next(200) == 0 ? 20_000 : random.Next(3));
            while (Report() is { Count: > 0 })
            {
            }
        }
    }

    [Fact]
    public void SteadyState_AllocatesNothing()
    {
        var sequence = (ushort)0;
        Assert.Equal(0, Allocations.LeastOf(10, () =>
        {
            for (var i = 0; i < 1000; i++)
            {
                _arrivals.OnPacket(_now, sequence++);
                _now += TimeSpan.FromMilliseconds(1);
                _arrivals.Write(_now, _buffer, 1, 2);
            }
        }));
    }

    private void Arrive(params ushort[] sequence) => Array.ForEach(sequence, number => _arrivals.OnPacket(_now, number));

    private List<PacketArrival> Due()
    {
        _now = _arrivals.NextTimeout;
        return Report();
    }

    private List<PacketArrival> Report()
    {
        var arrivals = new List<PacketArrival>();
        var length = _arrivals.Write(_now, _buffer, 1, 2);
        if (length > 0)
        {
            var reader = new RtcpCompoundReader(_buffer.AsSpan(0, length));
            Assert.True(reader.MoveNext());
            Assert.True(TransportFeedback.TryParse(reader.Current, out var feedback));
            foreach (var arrival in feedback)
            {
                arrivals.Add(arrival);
            }
        }

        return arrivals;
    }
}

internal static class PairwiseExtensions
{
    public static IEnumerable<TResult> Pairwise<T, TResult>(this IEnumerable<T> source, Func<T, T, TResult> select) =>
        source.Zip(source.Skip(1), select);
}
