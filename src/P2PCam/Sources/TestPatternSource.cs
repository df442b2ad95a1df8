using System.Runtime.CompilerServices;
using P2PCam.Sources.TestPattern;

namespace P2PCam;

/// <summary>
/// A moving picture that needs no camera: colour bars, a ball, the time of day, the frame number in digits and, along the bottom edge, as
/// black and white cells that a program can read. Paced by its clock without drift; frames that come too late are skipped.
/// </summary>
public sealed class TestPatternSource : IVideoSource
{
    // Smaller, nothing can be read on it.
    private const int SmallestSide = 32;
    private readonly TimeProvider _timeProvider;
    private readonly TestPatternPainter _painter;
    private long? _origin;

    /// <summary>Makes a pattern.</summary>
    /// <param name="width">Width in pixels, 32 to 4096.</param>
    /// <param name="height">Height in pixels, 32 to 4096.</param>
    /// <param name="frameRate">Frames per second, 0.1 to 240.</param>
    /// <param name="timeProvider">The clock that paces it and that it shows; the system's by default.</param>
    /// <param name="caption">The words in it, shown as capitals: letters from A to Z, digits and punctuation; others stay blank.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public TestPatternSource(
        int width = 1280,
        int height = 720,
        double frameRate = 30,
        TimeProvider? timeProvider = null,
        string caption = "no camera: test pattern")
    {
        VideoLimits.CheckSide(nameof(width), width, SmallestSide);
        VideoLimits.CheckSide(nameof(height), height, SmallestSide);
        VideoLimits.CheckFrameRate(nameof(frameRate), frameRate);
        ArgumentNullException.ThrowIfNull(caption);
        _timeProvider = timeProvider ?? TimeProvider.System;
        _painter = new TestPatternPainter(width, height, frameRate, caption);
        Description = new VideoSourceDescription("test", "Test pattern", width, height, frameRate);
    }

    /// <inheritdoc />
    public VideoSourceDescription Description { get; }

    /// <summary>The moment that frame 0 is due, a timestamp of the clock; by default when reading first begins.</summary>
    internal long? Origin
    {
        init => _origin = value;
    }

    /// <inheritdoc />
    /// <remarks>Frame n is due n / rate after the first reading began; timestamps count from there, also when it is read again.</remarks>
    public async IAsyncEnumerable<VideoFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var start = _origin ??= _timeProvider.GetTimestamp();
        for (var number = FirstNumber(start); ; number++)
        {
            var wait = DueTime(number) - _timeProvider.GetElapsedTime(start);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, _timeProvider, cancellationToken);
            }
            else if (wait < -DueTime(1))
            {
                number = NumberAt(_timeProvider.GetElapsedTime(start));
            }

            cancellationToken.ThrowIfCancellationRequested();
            var frame = VideoFrame.Rent(Description.Width, Description.Height, PixelFormat.I420, DueTime(number), out var pixels);
            _painter.Paint(pixels.Span, (int)(number & CodeStrip.LargestNumber), _timeProvider.GetLocalNow());
            yield return frame;
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private long FirstNumber(long start)
    {
        var elapsed = _timeProvider.GetElapsedTime(start);
        var number = NumberAt(elapsed);
        return DueTime(number) < elapsed ? number + 1 : number;
    }

    private long NumberAt(TimeSpan elapsed) => (long)Math.Floor(elapsed.TotalSeconds * Description.FrameRate);

    private TimeSpan DueTime(long number) => TimeSpan.FromTicks((long)Math.Round(number * TimeSpan.TicksPerSecond / Description.FrameRate));
}
