using System.Runtime.CompilerServices;
using P2PCam.Sources.TestPattern;

namespace P2PCam;

/// <summary>
/// A moving picture that needs no camera: colour bars, a ball, the time of day, the frame number in digits and, along the bottom edge, as
/// black and white cells that a program can read. Paced by its clock without drift; frames that come too late are skipped.
/// </summary>
public sealed class TestPatternSource : IVideoSource
{
    private readonly TimeProvider _timeProvider;
    private readonly TestPatternPainter _painter;
    private readonly TimeSpan _frameInterval;

    /// <summary>Makes a pattern.</summary>
    /// <param name="width">Width in pixels, 32 to 16383.</param>
    /// <param name="height">Height in pixels, 32 to 16383.</param>
    /// <param name="frameRate">Frames per second, 0.1 to 240.</param>
    /// <param name="timeProvider">The clock that paces it and that it shows; the system's by default.</param>
    /// <param name="caption">The words in it: capitals, digits and some punctuation.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    public TestPatternSource(int width = 1280, int height = 720, double frameRate = 30, TimeProvider? timeProvider = null, string caption = "no camera: test pattern")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 32);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 32);
        ArgumentOutOfRangeException.ThrowIfLessThan(frameRate, 0.1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frameRate, 240);
        ArgumentNullException.ThrowIfNull(caption);
        _timeProvider = timeProvider ?? TimeProvider.System;
        _painter = new TestPatternPainter(width, height, caption);
        _frameInterval = TimeSpan.FromSeconds(1 / frameRate);
        Description = new VideoSourceDescription("test", "Test pattern", width, height, frameRate);
    }

    /// <inheritdoc />
    public VideoSourceDescription Description { get; }

    /// <inheritdoc />
    public async IAsyncEnumerable<VideoFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var start = _timeProvider.GetTimestamp();
        for (var number = 0L; ; number++)
        {
            var elapsed = _timeProvider.GetElapsedTime(start);
            var due = number * _frameInterval;
            if (elapsed < due)
            {
                await Task.Delay(due - elapsed, _timeProvider, cancellationToken);
            }
            else if (elapsed - due > _frameInterval)
            {
                number = elapsed.Ticks / _frameInterval.Ticks;
            }

            cancellationToken.ThrowIfCancellationRequested();
            var frame = VideoFrame.Rent(Description.Width, Description.Height, PixelFormat.I420, number * _frameInterval, out var pixels);
            _painter.Paint(pixels.Span, (int)(number & 0xFF_FFFF), _timeProvider.GetLocalNow());
            yield return frame;
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
