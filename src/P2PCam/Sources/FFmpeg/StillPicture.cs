using System.Runtime.CompilerServices;

namespace P2PCam.Sources.FFmpeg;

/// <summary>Finds out whether what was read from a file is one and the same picture, and shows that for as long as it is wanted.</summary>
internal sealed class StillPicture : IDisposable
{
    // Often enough for whoever joins, and next to nothing to encode.
    private const double PicturesPerSecond = 5;
    private VideoFrame? _first;
    private bool _moves;

    /// <summary>Whether there was a picture, and no other one.</summary>
    public bool IsStill => _first is not null && !_moves;

    /// <summary>Takes note of a picture; it stays its owner's.</summary>
    public void Add(VideoFrame frame)
    {
        if (_first is null)
        {
            _first = frame.AddReference();
        }
        else if (!_moves)
        {
            _moves = !IsSame(frame, _first);
        }
    }

    /// <summary>The picture again and again, each time as of now.</summary>
    /// <param name="frameRate">As often in a second, if that is not too often.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="origin">What timestamps count from, a timestamp of the clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<VideoFrame> ShowAsync(
        double frameRate, TimeProvider timeProvider, long origin, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (still, interval) = (_first!, TimeSpan.FromSeconds(1 / Math.Min(frameRate, PicturesPerSecond)));
        while (true)
        {
            await Task.Delay(interval, timeProvider, cancellationToken);
            yield return Copy(still, timeProvider.GetElapsedTime(origin));
        }
    }

    public void Dispose() => _first?.Dispose();

    private static bool IsSame(VideoFrame frame, VideoFrame other)
    {
        for (var plane = 0; plane < frame.PlaneCount; plane++)
        {
            if (!frame.GetPlane(plane).SequenceEqual(other.GetPlane(plane)))
            {
                return false;
            }
        }

        return true;
    }

    private static VideoFrame Copy(VideoFrame frame, TimeSpan timestamp)
    {
        var copy = VideoFrame.Rent(frame.Width, frame.Height, frame.Format, timestamp, out var pixels);
        var rest = pixels.Span;
        for (var plane = 0; plane < frame.PlaneCount; plane++)
        {
            var from = frame.GetPlane(plane);
            from.CopyTo(rest);
            rest = rest[from.Length..];
        }

        return copy;
    }
}
