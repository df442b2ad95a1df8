using System.Threading.Channels;

namespace P2PCam.Viewing;

/// <summary>Decoded frames on their way to one reader; when it is full the oldest is dropped.</summary>
internal sealed class PictureQueue : IDisposable
{
    private readonly Channel<VideoFrame> _frames;
    private long _dropped;

    public PictureQueue(int capacity)
    {
        var options = new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true };
        _frames = Channel.CreateBounded<VideoFrame>(options, Drop);
    }

    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Puts a frame, and with it the duty to dispose it.</summary>
    public void Put(VideoFrame frame)
    {
        if (!_frames.Writer.TryWrite(frame))
        {
            frame.Dispose();
        }
    }

    public IAsyncEnumerable<VideoFrame> ReadAllAsync(CancellationToken cancellationToken) => _frames.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Nothing more will come; what waits can still be taken, and then <paramref name="error"/>, if any, is thrown.</summary>
    public void Complete(Exception? error = null) => _frames.Writer.TryComplete(error);

    public void Dispose()
    {
        Complete();
        while (_frames.Reader.TryRead(out var frame))
        {
            frame.Dispose();
        }
    }

    private void Drop(VideoFrame frame)
    {
        Interlocked.Increment(ref _dropped);
        frame.Dispose();
    }
}
