using System.Globalization;
using P2PCam.Codecs.Vp8;
using VideoTool.Containers;

namespace VideoTool.Commands;

/// <summary>Reads a file's frames once, and decodes those that are VP8.</summary>
internal sealed class FrameSurvey
{
    private readonly List<TimeSpan> _times = [];
    private readonly List<int> _quantizers = [];
    private readonly List<int> _keyFrames = [];
    private readonly HashSet<(int Width, int Height)> _sizes = [];
    private readonly List<int> _bytes = [];

    public int Count => _bytes.Count;

    public int KeyFrames => _keyFrames.Count;

    public int Hidden { get; private set; }

    public int Undecodable { get; private set; }

    public int FirstUndecodable { get; private set; }

    public long Bytes { get; private set; }

    public TimeSpan FirstTime => _times.Count == 0 ? TimeSpan.Zero : _times[0];

    public TimeSpan LastTime => _times.Count == 0 ? TimeSpan.Zero : _times.Max();

    public IReadOnlyList<int> Sizes => _bytes;

    public IReadOnlyList<int> KeyFrameNumbers => _keyFrames;

    public void Read(IFrameReader frames, CancellationToken cancellationToken)
    {
        using var decoder = new Vp8Decoder(new Vp8DecoderOptions { MaxWidth = 16383, MaxHeight = 16383 });
        while (!cancellationToken.IsCancellationRequested && frames.TryRead(out var frame))
        {
            if (frames.Format.IsVp8)
            {
                Decode(decoder, frame.Data.Span);
            }

            _bytes.Add(frame.Data.Length);
            _times.Add(frame.Time);
            Bytes += frame.Data.Length;
        }
    }

    /// <summary>Frame times at which there is no frame.</summary>
    public long LeftOut(Rational rate) => Math.Max(0, rate.NumberAt(LastTime - FirstTime) + 1 - (Count - Hidden));

    public string DescribeSizes(VideoFormat format) => _sizes.All(size => size == (format.Width, format.Height))
        ? ""
        : $" in the header, {string.Join(", ", _sizes.Select(size => string.Create(CultureInfo.InvariantCulture, $"{size.Width}x{size.Height}")))} in the frames";

    /// <summary>The largest and the smallest whole second.</summary>
    public string DescribeSeconds()
    {
        var whole = (int)(LastTime - FirstTime).TotalSeconds;
        if (whole < 2 || whole > 100_000)
        {
            return "";
        }

        var seconds = new long[whole];
        for (var i = 0; i < Count; i++)
        {
            var second = (int)(_times[i] - FirstTime).TotalSeconds;
            seconds[Math.Clamp(second, 0, whole - 1)] += second < whole ? _bytes[i] : 0;
        }

        return string.Create(CultureInfo.InvariantCulture, $"; by whole seconds {seconds.Min() * 8 / 1e3:0} to {seconds.Max() * 8 / 1e3:0}");
    }

    public string DescribeBytes()
    {
        var largest = _bytes.IndexOf(_bytes.Max());
        return string.Create(
            CultureInfo.InvariantCulture,
            $"mean {Bytes / (double)Count / 1e3:0.00} kB, smallest {_bytes.Min() / 1e3:0.00} kB, largest {_bytes[largest] / 1e3:0.00} kB (frame {largest}{(_keyFrames.Contains(largest) ? ", key" : "")})");
    }

    public string DescribeKeyFrames()
    {
        var shown = string.Join(", ", _keyFrames.Take(12).Select(number => number.ToString(CultureInfo.InvariantCulture)));
        return _keyFrames.Count == 0 ? "none: nothing can be shown" : $"{shown}{(_keyFrames.Count > 12 ? ", ..." : "")}";
    }

    public string DescribeQuantizers()
    {
        if (_quantizers.Count == 0)
        {
            return "-";
        }

        var sorted = _quantizers.Order().ToArray();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"mean {sorted.Average():0.0}, from {sorted[0]} to {sorted[^1]}, half of the frames {sorted[sorted.Length / 4]} to {sorted[sorted.Length * 3 / 4]} (0 finest, 127 coarsest)");
    }

    private void Decode(Vp8Decoder decoder, ReadOnlySpan<byte> data)
    {
        var number = _bytes.Count;
        if (decoder.Decode(data, default, out var picture) != Vp8DecodeResult.Ok)
        {
            FirstUndecodable = Undecodable++ == 0 ? number : FirstUndecodable;
            return;
        }

        Hidden += picture is null ? 1 : 0;
        picture?.Dispose();

        // A frame without a byte stands for the one before it.
        if (!data.IsEmpty)
        {
            _quantizers.Add(decoder.Quantizer);
            if ((data[0] & 1) == 0)
            {
                _keyFrames.Add(number);
                _sizes.Add((decoder.Width, decoder.Height));
            }
        }
    }
}
