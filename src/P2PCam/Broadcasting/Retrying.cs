namespace P2PCam.Broadcasting;

/// <summary>
/// Tries something again until it works or its owner ends. A wait comes before each attempt whatever failed before, and nothing that may fail stands between the two: a loop that asked a disposed
/// provider for its clock once wrote half a million lines in ten seconds.
/// </summary>
/// <param name="nextWait">How long to wait before the next attempt.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="failed">Told of a failure, with its reason: when it is another than before or the waits have grown since.</param>
internal sealed class Retrying(Func<TimeSpan> nextWait, TimeProvider timeProvider, Action<string> failed)
{
    /// <summary>No option and no clock makes the waits shorter.</summary>
    internal static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(50);

    private string? _saidReason;
    private TimeSpan _saidWait;

    /// <returns>False when the owner ended first.</returns>
    public async Task<bool> UntilItWorksAsync(Func<CancellationToken, Task> attempt, CancellationToken cancellationToken)
    {
        while (true)
        {
            var wait = nextWait();
            if (!await WaitAsync(wait > ShortestWait ? wait : ShortestWait, cancellationToken))
            {
                return false;
            }

            try
            {
                await attempt(cancellationToken);
                return true;
            }
            catch (Exception e)
            {
                // Whatever it is, a foreign transport's own included, is a reason to try again and not to end.
                if (cancellationToken.IsCancellationRequested)
                {
                    return false;
                }

                SayIfNew(e.Message, wait);
            }
        }
    }

    private async Task<bool> WaitAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(wait, timeProvider, cancellationToken);
            return !cancellationToken.IsCancellationRequested;
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // Asked to end, or the owner is gone without a word.
            return false;
        }
    }

    private void SayIfNew(string reason, TimeSpan wait)
    {
        if (reason != _saidReason || wait > _saidWait)
        {
            (_saidReason, _saidWait) = (reason, wait);
            failed(reason);
        }
    }
}
