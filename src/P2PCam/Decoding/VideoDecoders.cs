namespace P2PCam.VideoDecoding;

internal static class VideoDecoders
{
    public static IVideoDecoder Create() => throw new NotSupportedException("placeholder");
}
