namespace P2PCam.Broadcasting;

/// <summary>A place for one frame between a source and an encoder: a newer frame replaces one that was not taken yet.</summary>
internal sealed class LatestFrame : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _available = new(0, 1);
    private VideoFrame? _frame;

    /// <summary>Puts a frame; true when it replaced one that nobody had taken.</summary>
    public bool Put(VideoFrame frame)
    {
        VideoFrame? replaced;
        lock (_gate)
        {
            replaced = _frame;
            _frame = frame;
            if (replaced is null)
            {
                _available.Release();
            }
        }

        replaced?.Dispose();
        return replaced is not null;
    }

    public async ValueTask<VideoFrame> TakeAsync(CancellationToken cancellationToken)
    {
        await _available.WaitAsync(cancellationToken);
        lock (_gate)
        {
            var frame = _frame!;
            _frame = null;
            return frame;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _frame?.Dispose();
            _frame = null;
        }

        _available.Dispose();
    }
}
