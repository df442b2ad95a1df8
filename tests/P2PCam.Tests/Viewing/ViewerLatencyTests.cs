using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using P2PCam.TestKit;
using P2PCam.TestKit.Pictures;
using Xunit.Abstractions;

namespace P2PCam.Tests.Viewing;

/// <summary>How old a picture is when a reader gets it: both ends in this process, on loopback. Printed, and with <c>./test.sh --measure</c> longer and into artifacts/.</summary>
public class ViewerLatencyTests(ITestOutputHelper output)
{
    private static readonly bool IsMeasuring = Environment.GetEnvironmentVariable("P2PCAM_MEASURE") == "1";

    [Theory]
    [InlineData(640, 360)]
    [InlineData(1280, 720)]
    public async Task CaptureToDecodedFrame_OnLoopback_IsMeasured(int width, int height)
    {
        var frames = IsMeasuring ? 900 : 60;
        await using var bed = new ViewerBed();
        var source = new StampedSource(new TestPatternSource(width, height));
        await using var broadcaster = bed.CreateBroadcaster(source, configure: o => o.Bitrate = 2_000_000);
        await broadcaster.StartAsync();
        var viewer = bed.CreateViewer();
        await viewer.ConnectAsync();
        using var limit = new CancellationTokenSource(ViewerBed.Limit * 2);
        var arrivals = new ConcurrentDictionary<TimeSpan, long>();
        var arriving = NoteArrivalsAsync(viewer, arrivals, limit.Token);

        var (whole, untilArrival, sinceArrival) = (new List<double>(), new List<double>(), new List<double>());
        await foreach (var frame in viewer.ReadFramesAsync(limit.Token))
        {
            using (frame)
            {
                var now = Stopwatch.GetTimestamp();
                if (CodeStripReader.Read(frame.GetPlane(0), frame.GetStride(0), width, height) is { } number && source.Captured.TryGetValue(number, out var captured))
                {
                    whole.Add(Milliseconds(captured, now));
                    if (arrivals.TryGetValue(frame.Timestamp, out var arrived))
                    {
                        untilArrival.Add(Milliseconds(captured, arrived));
                        sinceArrival.Add(Milliseconds(arrived, now));
                    }
                }
            }

            // The first second is the compiler's.
            if (whole.Count == 30 + frames)
            {
                break;
            }
        }

        await limit.CancelAsync();
        await arriving;
        var line = $"{width}x{height} at 30: capture to decoded frame {Describe(whole)}; of that until the compressed frame arrived {Describe(untilArrival)}, decoding {Describe(sinceArrival)}";
        output.WriteLine(line);
        if (IsMeasuring)
        {
            await File.AppendAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts")).FullName, "viewer-latency.txt"), line + "\n");
        }

        Assert.Equal(30 + frames, whole.Count);
        Assert.All(whole, each => Assert.True(each > 0));
    }

    private static double Milliseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;

    private static string Describe(List<double> all)
    {
        var sorted = all.Skip(30).Order().ToList();
        return sorted.Count == 0
            ? "unknown"
            : string.Create(CultureInfo.InvariantCulture, $"p50 {sorted[sorted.Count / 2]:F1} ms, p95 {sorted[sorted.Count * 95 / 100]:F1} ms");
    }

    private static async Task NoteArrivalsAsync(IViewer viewer, ConcurrentDictionary<TimeSpan, long> arrivals, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var frame in viewer.ReadEncodedFramesAsync(cancellationToken))
            {
                arrivals[frame.Timestamp] = Stopwatch.GetTimestamp();
                frame.Dispose();
            }
        }
        catch (OperationCanceledException)
        {
            // Measured enough.
        }
    }

    /// <summary>Notes when each numbered picture left the source.</summary>
    private sealed class StampedSource(IVideoSource inner) : IVideoSource
    {
        public ConcurrentDictionary<int, long> Captured { get; } = new();

        public VideoSourceDescription Description => inner.Description;

        public async IAsyncEnumerable<VideoFrame> ReadFramesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (var frame in inner.ReadFramesAsync(cancellationToken))
            {
                if (CodeStripReader.Read(frame.GetPlane(0), frame.GetStride(0), frame.Width, frame.Height) is { } number)
                {
                    Captured[number] = Stopwatch.GetTimestamp();
                }

                yield return frame;
            }
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
