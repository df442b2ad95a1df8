using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace P2PCam.Tests.Sources.FFmpegEncoded;

/// <summary>Yields one picture for each call of <see cref="Next"/>, so that a test knows which frame came of which picture.</summary>
internal sealed class LockstepSource : IVideoSource
{
    private readonly Channel<VideoFrame> _pictures = Channel.CreateUnbounded<VideoFrame>();
    private int _count;

    public VideoSourceDescription Description { get; } = new("lockstep", "Lockstep", 0, 0, 30);

    public static TimeSpan TimeOf(int index) => TimeSpan.FromTicks(7_654_321 + (index * TimeSpan.TicksPerSecond / 30));

    /// <summary>A picture in one grey, brighter each time, or in these colours.</summary>
    public void Next(int width = 320, int height = 240, (byte Y, byte U, byte V)? colour = null)
    {
        var frame = VideoFrame.Rent(width, height, PixelFormat.I420, TimeOf(_count++), out var pixels);
        var (y, u, v) = colour ?? ((byte)(50 + (_count % 100)), (byte)128, (byte)128);
        var (luma, chroma) = (width * height, (width + 1) / 2 * ((height + 1) / 2));
        pixels.Span[..luma].Fill(y);
        pixels.Span.Slice(luma, chroma).Fill(u);
        pixels.Span[(luma + chroma)..].Fill(v);
        _pictures.Writer.TryWrite(frame);
    }

    public void Complete(Exception? error = null) => _pictures.Writer.Complete(error);

    public async IAsyncEnumerable<VideoFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var frame in _pictures.Reader.ReadAllAsync(cancellationToken))
        {
            yield return frame;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
