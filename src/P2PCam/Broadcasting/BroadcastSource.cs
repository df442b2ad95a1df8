namespace P2PCam.Broadcasting;

/// <summary>What a broadcaster shows: a source of pictures, which it encodes, or one of compressed video, which it passes on.</summary>
internal sealed class BroadcastSource : IAsyncDisposable
{
    private static readonly IReadOnlyList<VideoCodec> OurCodec = [VideoCodec.Vp8];

    private BroadcastSource(IVideoSource? pictures, IEncodedVideoSource? encoded) => (Pictures, Encoded) = (pictures, encoded);

    public IVideoSource? Pictures { get; }

    public IEncodedVideoSource? Encoded { get; }

    public VideoSourceDescription Description => Encoded?.Description ?? Pictures!.Description;

    /// <summary>What the pictures may be compressed with when they are sent, the likeliest first.</summary>
    public IReadOnlyList<VideoCodec> Codecs => Encoded?.Codecs ?? OurCodec;

    public static BroadcastSource Of(IVideoSource source) => new(source, null);

    public static BroadcastSource Of(IEncodedVideoSource source) => new(null, source);

    /// <exception cref="VideoSourceException">It will not work before something is installed or corrected.</exception>
    public Task CheckAsync(CancellationToken cancellationToken) =>
        (Encoded as ICheckedAtStart ?? Pictures as ICheckedAtStart)?.CheckAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => Encoded?.DisposeAsync() ?? Pictures!.DisposeAsync();
}
