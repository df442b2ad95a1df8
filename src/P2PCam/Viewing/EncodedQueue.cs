using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace P2PCam.Viewing;

/// <summary>
/// Compressed frames on their way to one consumer, which can decode all that it gets: the first is a key frame, and after an overflow everything
/// up to the next key frame is left out.
/// </summary>
internal sealed class EncodedQueue : IDisposable
{
    private readonly Channel<EncodedFrame> _frames;
    private readonly Action _keyFrameNeeded;
    private long _dropped;
    private volatile bool _waitsForKeyFrame = true;
    private volatile bool _isRead = true;

    /// <param name="capacity">Frames that may wait.</param>
    /// <param name="keyFrameNeeded">Called when only a key frame helps.</param>
    public EncodedQueue(int capacity, Action keyFrameNeeded)
    {
        _frames = Channel.CreateBounded<EncodedFrame>(new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.Wait });
        _keyFrameNeeded = keyFrameNeeded;
    }

    public long Dropped => Volatile.Read(ref _dropped);

    public bool WaitsForKeyFrame => _waitsForKeyFrame;

    /// <summary>
    /// Whether somebody waits for the frames. While not, the queue keeps what came since the last key frame, so that a reader who comes soon
    /// sees a picture at once, and asks for nothing.
    /// </summary>
    public bool IsRead
    {
        get => _isRead;
        set => _isRead = value;
    }

    /// <summary>Puts a frame, and with it the duty to dispose it. By one thread at a time.</summary>
    public void Put(EncodedFrame frame)
    {
        if (_waitsForKeyFrame && !frame.IsKeyFrame)
        {
            Drop(frame);
            return;
        }

        if (frame.IsKeyFrame && !_isRead)
        {
            Clear();
        }

        if (!_frames.Writer.TryWrite(frame))
        {
            Clear();
            if (!frame.IsKeyFrame || !_frames.Writer.TryWrite(frame))
            {
                Drop(frame);
                StartAnew();
                return;
            }
        }

        _waitsForKeyFrame = false;
    }

    /// <summary>The consumer cannot go on: whatever waits is dropped, and a key frame asked for.</summary>
    public void StartAnew()
    {
        _waitsForKeyFrame = true;
        if (_isRead)
        {
            _keyFrameNeeded();
        }
    }

    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _frames.Reader.WaitToReadAsync(cancellationToken);

    public bool TryTake(out EncodedFrame frame) => _frames.Reader.TryRead(out frame!);

    public async IAsyncEnumerable<EncodedFrame> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var frame in _frames.Reader.ReadAllAsync(cancellationToken))
        {
            yield return frame;
        }
    }

    /// <summary>Nothing more will come; what waits can still be taken.</summary>
    public void Complete() => _frames.Writer.TryComplete();

    public void Dispose()
    {
        Complete();
        Clear();
    }

    private void Clear()
    {
        while (_frames.Reader.TryRead(out var old))
        {
            Drop(old);
        }
    }

    private void Drop(EncodedFrame frame)
    {
        Interlocked.Increment(ref _dropped);
        frame.Dispose();
    }
}
