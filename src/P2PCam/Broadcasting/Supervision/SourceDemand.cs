namespace P2PCam.Broadcasting;

/// <summary>
/// Whether the source is to be open: always, or from the first viewer that connects until a while after the last one is gone. Safe from several
/// threads.
/// </summary>
/// <param name="onlyWhenWatched">False for always.</param>
/// <param name="linger">The while after the last viewer.</param>
/// <param name="isWatched">Whether somebody watches now.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class SourceDemand(bool onlyWhenWatched, TimeSpan linger, Func<bool> isWatched, TimeProvider timeProvider) : IDisposable
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _came = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource _gone = new();
    private ITimer? _lingering;
    private bool _isWanted = !onlyWhenWatched;
    private bool _disposed;

    /// <summary>Whether the source is wanted, and if so what fires when it is not any more.</summary>
    public bool TryGet(out CancellationToken unwanted)
    {
        lock (_gate)
        {
            unwanted = _gone.Token;
            return _isWanted;
        }
    }

    /// <summary>Waits until the source is wanted.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        Task came;
        lock (_gate)
        {
            if (_isWanted)
            {
                return;
            }

            came = _came.Task;
        }

        await came.WaitAsync(cancellationToken);
    }

    /// <summary>Call when somebody came or went.</summary>
    public void Update()
    {
        lock (_gate)
        {
            if (!onlyWhenWatched || _disposed)
            {
                return;
            }

            if (!isWatched())
            {
                if (_isWanted && _lingering is null)
                {
                    _lingering = timeProvider.CreateTimer(_ => OnLingered(), null, linger, Timeout.InfiniteTimeSpan);
                }

                return;
            }

            _lingering?.Dispose();
            _lingering = null;
            if (!_isWanted)
            {
                _isWanted = true;
                _came.TrySetResult();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _lingering?.Dispose();
        }
    }

    private void OnLingered()
    {
        CancellationTokenSource gone;
        lock (_gate)
        {
            if (_disposed || _lingering is null || isWatched())
            {
                return;
            }

            _lingering.Dispose();
            _lingering = null;
            _isWanted = false;
            _came = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            (gone, _gone) = (_gone, new CancellationTokenSource());
        }

        // Outside the lock: whoever reads the source may go on right here.
        gone.Cancel();
    }
}
