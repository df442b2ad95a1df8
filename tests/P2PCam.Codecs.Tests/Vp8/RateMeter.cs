using System.Buffers;
using P2PCam.Codecs.Vp8;

namespace P2PCam.Codecs.Tests.Vp8;

/// <summary>Encodes frames and keeps what each took, by its timestamp.</summary>
internal sealed class RateMeter(Vp8Encoder encoder, int minQuantizer)
{
    private readonly ArrayBufferWriter<byte> _output = new(1 << 16);
    private readonly List<(TimeSpan Time, int Bits, Vp8EncodeResult Result)> _frames = [];

    public int Count => _frames.Count;

    public IEnumerable<Vp8EncodeResult> Results => _frames.Select(frame => frame.Result);

    public ReadOnlySpan<byte> LastFrame => _output.WrittenSpan;

    /// <summary>Encodes a frame and disposes it.</summary>
    public Vp8EncodeResult Encode(VideoFrame frame, bool forceKeyFrame = false)
    {
        using (frame)
        {
            _output.ResetWrittenCount();
            var result = encoder.Encode(frame, forceKeyFrame, _output);
            _frames.Add((frame.Timestamp, result.BytesWritten * 8, result));
            return result;
        }
    }

    /// <summary>Bits per second over the frames with timestamps from <paramref name="start"/> on for <paramref name="length"/>.</summary>
    public double Rate(TimeSpan start, TimeSpan length) => Window(start, length).Sum(frame => (double)frame.Bits) / length.TotalSeconds;

    /// <summary>
    /// Holds every window of three seconds that starts after the first three against the target. Where the finest quantizer was in use the
    /// content had no use for more, and only the upper bound counts.
    /// </summary>
    public (double Least, double Most) WorstDeviation(double target)
    {
        var length = TimeSpan.FromSeconds(3);
        var end = _frames[^1].Time - length;
        var (least, most) = (0.0, 0.0);
        foreach (var start in _frames.Select(frame => frame.Time).Where(time => time >= length && time <= end))
        {
            var deviation = (Rate(start, length) / target) - 1;
            most = Math.Max(most, deviation);
            if (!Window(start, length).Any(frame => frame.Result.Quantizer == minQuantizer))
            {
                least = Math.Min(least, deviation);
            }
        }

        return (least, most);
    }

    // Half a frame off the timestamps, which are rounded.
    private IEnumerable<(TimeSpan Time, int Bits, Vp8EncodeResult Result)> Window(TimeSpan start, TimeSpan length)
    {
        var margin = TimeSpan.FromMilliseconds(1);
        return _frames.Where(frame => frame.Time >= start - margin && frame.Time < start + length - margin);
    }
}
