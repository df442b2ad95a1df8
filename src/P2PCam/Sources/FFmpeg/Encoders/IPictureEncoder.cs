namespace P2PCam.Sources.FFmpeg.Encoders;

/// <summary>Takes pictures in I420, one at a time; what comes of them goes where its maker said.</summary>
internal interface IPictureEncoder : IAsyncDisposable
{
    /// <exception cref="VideoSourceException">P2P1014: the encoder is gone.</exception>
    ValueTask EncodeAsync(VideoFrame picture, bool isKeyFrame, int bitrate);

    /// <summary>No more pictures come: the last frames come out.</summary>
    ValueTask CompleteAsync();
}
