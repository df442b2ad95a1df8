namespace P2PCam;

/// <summary>
/// Something that yields pictures that are compressed already: a browser's camera, a network camera, a file. They reach the viewers as
/// they are. Cold, with one reader at a time, who disposes each frame; ends, fails and reopens as <see cref="IVideoSource"/> does.
/// </summary>
public interface IEncodedVideoSource : IAsyncDisposable
{
    /// <summary>What this source is and what it is expected to yield.</summary>
    VideoSourceDescription Description { get; }

    /// <summary>What its frames may be compressed with, the likeliest first. Viewers that can decode none of them are refused.</summary>
    IReadOnlyList<VideoCodec> Codecs { get; }

    /// <summary>Opens the source and yields frames in decoding order as they come, until it ends or <paramref name="cancellationToken"/> fires.</summary>
    IAsyncEnumerable<EncodedFrame> ReadFramesAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Asks for a frame that can be decoded without any before it, soon. A source that cannot make one on demand does nothing: its next one
    /// comes when it comes. May be called by any thread, also while nobody reads.
    /// </summary>
    void RequestKeyFrame();
}
