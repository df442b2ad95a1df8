namespace P2PCam;

/// <summary>
/// Something that yields pictures: a camera, a file, a screen. Cold: nothing is opened until frames are read. One reader at a
/// time; the reader disposes each frame. The stream ends when the source ends and throws <see cref="VideoSourceException"/> when it fails.
/// Reading again reopens the source.
/// </summary>
public interface IVideoSource : IAsyncDisposable
{
    /// <summary>What this source is and what it is expected to yield.</summary>
    VideoSourceDescription Description { get; }

    /// <summary>Opens the source and yields frames as they come, until it ends or <paramref name="cancellationToken"/> fires.</summary>
    IAsyncEnumerable<VideoFrame> ReadFramesAsync(CancellationToken cancellationToken = default);
}
