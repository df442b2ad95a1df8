using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace P2PCam.AspNetCore.Tests.Whip;

/// <summary>Reads the browser's source as a broadcaster would.</summary>
internal static class SourceReading
{
    private static readonly ConditionalWeakTable<WhipBed, Channel<VideoCodec>> Seen = [];

    /// <summary>Waits for a frame, and sends meanwhile.</summary>
    public static async Task ReceiveAsync(this WhipBed bed)
    {
        using var sending = new CancellationTokenSource(WhipBed.Limit);
        var sender = bed.Media.SendAsync(sending.Token);
        await foreach (var frame in bed.Source.ReadFramesAsync(sending.Token))
        {
            using (frame)
            {
                Assert.True(frame.IsKeyFrame);
                Assert.Equal(VideoCodec.Vp8, frame.Codec);
                break;
            }
        }

        await sending.CancelAsync();
        await sender;
    }

    /// <summary>Reads until the source says why it cannot go on.</summary>
    public static Task<VideoSourceException> ReadUntilItFailsAsync(this WhipBed bed) => Assert.ThrowsAsync<VideoSourceException>(async () =>
    {
        await foreach (var frame in bed.Source.ReadFramesAsync())
        {
            Seen.GetOrAdd(bed, _ => Channel.CreateUnbounded<VideoCodec>()).Writer.TryWrite(frame.Codec);
            frame.Dispose();
        }
    }).WaitAsync(WhipBed.Limit);

    /// <summary>Waits until that reading has seen another frame.</summary>
    public static Task ReadFrameAsync(this WhipBed bed) => Seen.GetOrAdd(bed, _ => Channel.CreateUnbounded<VideoCodec>()).Reader.ReadAsync().AsTask().WaitAsync(WhipBed.Limit);
}
