using P2PCam.WebRtc.Ice;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Tests.Ice;

public sealed class IceChecklistTests
{
    [Fact]
    public void Of_one_foundation_only_the_best_pair_waits_until_it_is_decided()
    {
        var list = new IceChecklist();
        var best = Add(list, 9, "a");
        var sibling = Add(list, 8, "a");
        var other = Add(list, 7, "b");
        Assert.Equal((IcePairState.Waiting, IcePairState.Frozen, IcePairState.Waiting), (best.State, sibling.State, other.State));

        // The other foundation goes before the sibling, although the sibling has the higher priority.
        Assert.Equal(best, list.PeekOrdinary());
        best.State = IcePairState.InProgress;
        Assert.Equal(other, list.PeekOrdinary());
        other.State = IcePairState.InProgress;
        Assert.Null(list.PeekOrdinary());

        // Failed: the sibling gets its turn.
        best.State = IcePairState.Failed;
        Assert.Equal(sibling, list.PeekOrdinary());
    }

    [Fact]
    public void A_success_frees_the_pairs_of_its_foundation_and_those_that_come_later()
    {
        var list = new IceChecklist();
        var best = Add(list, 9, "a");
        var sibling = Add(list, 8, "a");
        best.State = IcePairState.Succeeded;
        best.IsValid = true;
        list.Unfreeze(best);
        Assert.Equal(IcePairState.Waiting, sibling.State);
        Assert.Equal(IcePairState.Waiting, Add(list, 7, "a").State);
    }

    [Fact]
    public void A_full_list_gives_up_its_worst_pair_for_a_better_one_and_none_that_proved_itself()
    {
        var list = new IceChecklist();
        var worst = Add(list, 10, "proved");
        worst.IsAuthenticated = true;
        var spare = Add(list, 11, "spare");
        for (uint i = 2; i < IceLimits.Pairs; i++)
        {
            Add(list, 100 + i, $"f{i}");
        }

        Assert.False(list.TryAdd(Pair(5, "low"), IceRole.Controlled, keep: null));
        Assert.Contains(spare, list.Pairs);
        Assert.True(list.TryAdd(Pair(500, "high"), IceRole.Controlled, keep: null));
        Assert.DoesNotContain(spare, list.Pairs);
        Assert.Contains(worst, list.Pairs);
        Assert.Equal(IceLimits.Pairs, list.Pairs.Count);
        Assert.Equal(list.Pairs.OrderByDescending(p => p.Priority), list.Pairs);
    }

    [Fact]
    public void A_triggered_pair_goes_first_and_once()
    {
        var list = new IceChecklist();
        Add(list, 9, "a");
        var low = Add(list, 1, "b");
        list.Trigger(low);
        list.Trigger(low);
        Assert.Equal(low, list.TakeTriggered());
        Assert.False(list.HasTriggered);

        // Decided in the meantime: no check is due any more.
        list.Trigger(low);
        low.State = IcePairState.Succeeded;
        Assert.Null(list.TakeTriggered());
    }

    [Fact]
    public void A_change_of_role_orders_the_pairs_anew()
    {
        var list = new IceChecklist();
        var a = Pair(5, "a", localPriority: 9);
        var b = Pair(9, "b", localPriority: 5);
        Assert.True(list.TryAdd(a, IceRole.Controlling, null) && list.TryAdd(b, IceRole.Controlling, null));
        Assert.Equal([a, b], list.Pairs);
        list.UpdatePriorities(IceRole.Controlled);
        Assert.Equal([b, a], list.Pairs);
    }

    private static IceCandidatePair Add(IceChecklist list, uint remotePriority, string foundation)
    {
        var pair = Pair(remotePriority, foundation);
        Assert.True(list.TryAdd(pair, IceRole.Controlled, keep: null));
        return pair;
    }

    private static IceCandidatePair Pair(uint remotePriority, string foundation, uint localPriority = 1000) =>
        new(TransportAddress.FromIPv4(1, 1), localPriority, TransportAddress.FromIPv4(2 + remotePriority, 1))
        {
            RemotePriority = remotePriority,
            LocalFoundation = "host",
            RemoteFoundation = foundation,
        };
}
