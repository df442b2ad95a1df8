namespace P2PCam.WebRtc.Tests;

/// <summary>Measures what code allocates on this thread.</summary>
internal static class Allocations
{
    /// <summary>The least of several rounds: on a busy machine some rounds count what the runtime itself does, such as recompiling a method.</summary>
    public static long LeastOf(int rounds, Action round)
    {
        var least = long.MaxValue;
        for (var i = 0; i < rounds; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
