namespace P2PCam.Broadcasting;

/// <summary>
/// A place for the newest frames between a source and an encoder: a newer frame replaces the oldest one that was not taken yet. Two places, so that
/// a source that hands on frames in bursts (a file of 10 frames a second brought to 25) loses none while the encoder keeps up on the whole.
/// </summary>
internal sealed class LatestFrames : IDisposable
{
    private const int Capacity = 2;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _available = new(0, Capacity);
    private readonly Queue<VideoFrame> _frames = new(Capacity);

    /// <summary>Puts a frame; true when it replaced one that nobody had taken.</summary>
    public bool Put(VideoFrame frame)
    {
        VideoFrame? replaced = null;
        lock (_gate)
        {
            if (_frames.Count == Capacity)
            {
                replaced = _frames.Dequeue();
            }

            _frames.Enqueue(frame);
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
            return _frames.Dequeue();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            while (_frames.TryDequeue(out var frame))
            {
                frame.Dispose();
            }
        }

        _available.Dispose();
    }
}
