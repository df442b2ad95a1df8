namespace P2PCam.Tests.Sources.FFmpegEncoded;

/// <summary>A compressed frame, copied.</summary>
internal sealed record SeenFrame(VideoCodec Codec, bool IsKeyFrame, TimeSpan Timestamp, byte[] Data);

internal static class Frames
{
    /// <summary>Reads up to so many frames, or to the end.</summary>
    public static async Task<List<SeenFrame>> ReadAsync(IEncodedVideoSource source, int count = int.MaxValue, CancellationToken cancellationToken = default)
    {
        var seen = new List<SeenFrame>();
        await foreach (var frame in source.ReadFramesAsync(cancellationToken))
        {
            using (frame)
            {
                seen.Add(new SeenFrame(frame.Codec, frame.IsKeyFrame, frame.Timestamp, frame.Data.ToArray()));
            }

            if (seen.Count == count)
            {
                break;
            }
        }

        return seen;
    }

    /// <summary>Reads to the error that must come, and says how many frames came before it.</summary>
    public static async Task<(VideoSourceException Error, int Frames)> FailAsync(IEncodedVideoSource source)
    {
        var count = 0;
        var error = await Assert.ThrowsAsync<VideoSourceException>(async () =>
        {
            await foreach (var frame in source.ReadFramesAsync())
            {
                frame.Dispose();
                count++;
            }
        });
        return (error, count);
    }
}
