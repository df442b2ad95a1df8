using P2PCam.Networking;

namespace P2PCam.Tests.Networking;

public class TimeoutHeapTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void SetMoveRemoveAndTake_GiveWhatASortedListGives(int seed)
    {
        var random = new Random(seed);
        var heap = new TimeoutHeap();
        var sessions = Enumerable.Range(0, 200).Select(_ => new DrivenSession(null!, _ => { })).ToArray();
        var expected = new Dictionary<DrivenSession, TimeSpan>();
        for (var step = 0; step < 20_000; step++)
        {
            var driven = sessions[random.Next(sessions.Length)];
            switch (random.Next(8))
            {
                case 0:
                    heap.Remove(driven);
                    expected.Remove(driven);
                    break;
                case 1:
                    var now = TimeSpan.FromMilliseconds(random.Next(1000));
                    var taken = heap.TryTakeDue(now, out var due);
                    Assert.Equal(expected.Values.Any(value => value <= now), taken);
                    if (taken)
                    {
                        Assert.Equal(expected.Values.Min(), expected[due]);
                        expected.Remove(due);
                    }

                    break;
                default:
                    expected[driven] = random.Next(20) == 0 ? TimeSpan.MaxValue : TimeSpan.FromMilliseconds(random.Next(1000));
                    heap.Set(driven, expected[driven]);
                    break;
            }

            Assert.Equal(expected.Count == 0 ? TimeSpan.MaxValue : expected.Values.Min(), heap.Next);
        }
    }

    [Fact]
    public void TryTakeDue_Empty_TakesNothing()
    {
        var heap = new TimeoutHeap();

        Assert.False(heap.TryTakeDue(TimeSpan.MaxValue, out _));
        Assert.Equal(TimeSpan.MaxValue, heap.Next);
    }
}
