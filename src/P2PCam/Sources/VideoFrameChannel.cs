using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace P2PCam;

/// <summary>
/// A source for your own pictures: write frames at your pace, from any thread, and the broadcaster takes them at its own. When it is
/// behind, the oldest frames are dropped.
/// </summary>
public sealed class VideoFrameChannel : IVideoSource
{
    private readonly Channel<VideoFrame> _frames;

    /// <summary>Makes a channel.</summary>
    /// <param name="description">What viewers and logs are told of it.</param>
    /// <param name="capacity">Frames that may wait, 1 to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size or the capacity is outside its range.</exception>
    public VideoFrameChannel(VideoSourceDescription description, int capacity = 2)
    {
        ArgumentNullException.ThrowIfNull(description);
        OptionRange.Check(nameof(description.Width), description.Width, 0, VideoLimits.LargestSide, "pixels");
        OptionRange.Check(nameof(description.Height), description.Height, 0, VideoLimits.LargestSide, "pixels");
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 100);
        Description = description;
        var options = new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest };
        _frames = Channel.CreateBounded<VideoFrame>(options, static dropped => dropped.Dispose());
    }

    /// <inheritdoc />
    public VideoSourceDescription Description { get; }

    /// <summary>Hands over a frame, and with it the duty to dispose it. False (and disposed) once the channel is complete.</summary>
    /// <exception cref="ArgumentException">The frame, disposed, is larger than <see cref="VideoLimits"/> allow.</exception>
    public bool TryWrite(VideoFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (!VideoLimits.Fits(frame.Width, frame.Height))
        {
            frame.Dispose();
            throw new ArgumentException(SourceErrors.TooLarge(Description.Name, frame.Width, frame.Height).Message, nameof(frame));
        }

        if (_frames.Writer.TryWrite(frame))
        {
            return true;
        }

        frame.Dispose();
        return false;
    }

    /// <summary>
    /// Ends the stream after what was written. With an error, readers get a <see cref="VideoSourceException"/>: that very one, or one with
    /// code P2P1010 around it.
    /// </summary>
    public void Complete(Exception? error = null) => _frames.Writer.TryComplete(error switch
    {
        null or VideoSourceException => error,
        _ => new VideoSourceException("P2P1010", $"The writer of the frames of '{Description.Name}' gave up: {error.Message}", error),
    });

    /// <inheritdoc />
    public async IAsyncEnumerable<VideoFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var frame in _frames.Reader.ReadAllAsync(cancellationToken))
        {
            yield return frame;
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        Complete();
        while (_frames.Reader.TryRead(out var frame))
        {
            frame.Dispose();
        }

        return ValueTask.CompletedTask;
    }
}
