using P2PCam;

namespace ConsoleViewer;

/// <summary>Takes the decoded frames: keeps the newest, and tells when there is one.</summary>
internal sealed class FrameReader(IViewer viewer) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private VideoFrame? _newest;

    /// <summary>Done when a picture was seen.</summary>
    public Task First => _first.Task;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var frame in viewer.ReadFramesAsync(cancellationToken))
            {
                lock (_gate)
                {
                    _newest?.Dispose();
                    _newest = frame;
                }

                _first.TrySetResult();
            }
        }
        catch (OperationCanceledException)
        {
            // Enough seen.
        }
    }

    /// <summary>The newest picture; the caller disposes it. Null if there was none.</summary>
    public VideoFrame? Newest()
    {
        lock (_gate)
        {
            return _newest?.AddReference();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _newest?.Dispose();
            _newest = null;
        }
    }
}
