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

    /// <summary>Whether its frame rate is unknown until frames have come, and may be low.</summary>
    public bool MayBeSlow => (Encoded as ISlowSource ?? Pictures as ISlowSource)?.MayBeSlow == true;

    /// <exception cref="VideoSourceException">P2P1030: it says that its pictures are larger than viewers take.</exception>
    public static BroadcastSource Of(IVideoSource source)
    {
        SourceErrors.CheckSize(source.Description);
        return new(source, null);
    }

    public static BroadcastSource Of(IEncodedVideoSource source) => new(null, source);

    /// <exception cref="VideoSourceException">It will not work before something is installed or corrected.</exception>
    public Task CheckAsync(CancellationToken cancellationToken) =>
        (Encoded as ICheckedAtStart ?? Pictures as ICheckedAtStart)?.CheckAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => Encoded?.DisposeAsync() ?? Pictures!.DisposeAsync();
}
