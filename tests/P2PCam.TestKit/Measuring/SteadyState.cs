namespace P2PCam.TestKit.Measuring;

/// <summary>
/// What code allocates once it runs in. Counted in rounds, of which the least counts: the runtime compiles a method anew while it runs (a
/// lower tier may box what a higher one does not) and empties shared pools when it collects garbage, and on a busy machine one round can
/// see that. Whatever the code itself allocates is in every round.
/// </summary>
public static class SteadyState
{
    private const int Rounds = 10;

    /// <summary>Bytes that one round allocates on this thread. Ends early with the first round that allocates nothing.</summary>
    public static long LeastAllocated(Action round)
    {
        var least = long.MaxValue;
        for (var i = 0; i < Rounds && least > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    /// <summary>Bytes that a round of so many calls allocates.</summary>
    public static long LeastAllocated(int calls, Action call) => LeastAllocated(() =>
    {
        for (var i = 0; i < calls; i++)
        {
            call();
        }
    });
}
