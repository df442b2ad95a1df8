using Xunit.Abstractions;

namespace P2PCam.Interop.Tests.Support;

/// <summary>Looks at decoded pictures: the right size, colours instead of grey, something that moves, and nothing of the blocks that a lost reference leaves.</summary>
internal static class PictureJudge
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private const int Pictures = 60;

    public static async Task AssertShowsMovingPictureAsync(IViewer viewer, int width, int height, ITestOutputHelper output)
    {
        using var limit = new CancellationTokenSource(Limit);
        var (count, moving) = (0, 0);
        double contrast = 0, colour = 0;
        byte[]? previous = null;
        TimeSpan? last = null;
        await foreach (var frame in viewer.ReadFramesAsync(limit.Token))
        {
            using (frame)
            {
                // Senders may begin with less than they were asked for, while they measure the path.
                if (frame.Width != width || frame.Height != height)
                {
                    continue;
                }

                Assert.True(last is null || frame.Timestamp > last);
                last = frame.Timestamp;
                var luma = frame.GetPlane(0).ToArray();
                contrast = Math.Max(contrast, Deviation(luma));
                colour = Math.Max(colour, Saturation(frame.GetPlane(1)) + Saturation(frame.GetPlane(2)));
                moving += previous is not null && Difference(previous, luma) > 0.05 ? 1 : 0;
                previous = luma;
            }

            if (++count == Pictures)
            {
                break;
            }
        }

        var statistics = viewer.GetStatistics();
        output.WriteLine($"{statistics.Width}x{statistics.Height}, {moving} of {count} pictures moved, luma deviates by {contrast:F1}, chroma is {colour:F1} off grey");
        output.WriteLine(
            $"first frame after {statistics.TimeToFirstFrame?.TotalMilliseconds:F0} ms, {statistics.FramesReceived} received, {statistics.FramesDecoded} decoded, {statistics.PacketsLost} packets lost, "
            + $"{statistics.NacksSent} NACKs, {statistics.RetransmissionsReceived} RTX, {statistics.KeyFrameRequests} PLIs, {statistics.Bitrate / 1000:F0} kbit/s, {statistics.FrameRate:F1} fps, rtt {statistics.RoundTripTime?.TotalMilliseconds:F1} ms");
        Assert.Equal(Pictures, count);
        Assert.InRange(moving, Pictures / 3, Pictures);
        Assert.True(contrast > 10, "The picture has no contrast.");
        Assert.True(colour > 8, "The picture is grey.");
    }

    /// <summary>Standard deviation of samples.</summary>
    private static double Deviation(ReadOnlySpan<byte> samples)
    {
        double sum = 0, squares = 0;
        foreach (var sample in samples)
        {
            sum += sample;
            squares += sample * sample;
        }

        var mean = sum / samples.Length;
        return Math.Sqrt(Math.Max(0, (squares / samples.Length) - (mean * mean)));
    }

    /// <summary>Mean distance of chroma from grey.</summary>
    private static double Saturation(ReadOnlySpan<byte> samples)
    {
        long sum = 0;
        foreach (var sample in samples)
        {
            sum += Math.Abs(sample - 128);
        }

        return (double)sum / samples.Length;
    }

    private static double Difference(byte[] left, byte[] right)
    {
        long sum = 0;
        for (var i = 0; i < left.Length; i++)
        {
            sum += Math.Abs(left[i] - right[i]);
        }

        return (double)sum / left.Length;
    }
}
