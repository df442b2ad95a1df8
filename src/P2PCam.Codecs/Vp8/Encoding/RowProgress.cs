namespace P2PCam.Codecs.Vp8.Encoding;

/// <summary>How many macroblocks of each row are done, told by the thread that works on a row to the one that works on the next.</summary>
internal sealed class RowProgress(int rows)
{
    // One cache line per row, so that threads don't slow each other down.
    private const int Spacing = 16;

    private readonly int[] _done = new int[rows * Spacing];
    private volatile bool _aborted;

    public void Reset()
    {
        Array.Clear(_done);
        _aborted = false;
    }

    /// <summary>Ends all waits, now and later, by an exception.</summary>
    public void Abort() => _aborted = true;

    public void Publish(int row, int done) => Volatile.Write(ref _done[row * Spacing], done);

    /// <summary>Waits until at least <paramref name="needed"/> macroblocks of a row are done. Returns how many are.</summary>
    public int WaitFor(int row, int needed)
    {
        ref var done = ref _done[row * Spacing];
        var seen = Volatile.Read(ref done);
        for (var spinner = default(SpinWait); seen < needed; seen = Volatile.Read(ref done))
        {
            if (_aborted)
            {
                throw new OperationCanceledException("Another thread of the encoder failed.");
            }

            // Never sleep: the other thread is less than a row's time ahead.
            spinner.SpinOnce(sleep1Threshold: -1);
        }

        return seen;
    }
}
