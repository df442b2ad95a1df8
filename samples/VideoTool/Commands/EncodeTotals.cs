using System.Globalization;
using P2PCam.Codecs.Vp8;
using VideoTool.Containers;

namespace VideoTool.Commands;

/// <summary>What came out of the encoder so far.</summary>
internal sealed class EncodeTotals
{
    private long _keyFrames;
    private long _dropped;
    private long _quantizers;

    public long Frames { get; private set; }

    public long Bytes { get; private set; }

    public void Add(in Vp8EncodeResult result)
    {
        Frames++;
        Bytes += result.BytesWritten;
        _keyFrames += result.IsKeyFrame ? 1 : 0;
        _dropped += result.Dropped ? 1 : 0;
        _quantizers += result.Dropped ? 0 : result.Quantizer;
    }

    public string Describe(string path, Rational frameRate, TimeSpan elapsed)
    {
        var (seconds, encoded) = (frameRate.TimeOf(Frames).TotalSeconds, Math.Max(1, Frames - _dropped));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{path}: {Frames} frames, {_keyFrames} key, {_dropped} dropped; {Bytes / 1e3:0.0} kB in {seconds:0.00} s, {(seconds > 0 ? Bytes * 8 / seconds / 1e3 : 0):0} kbit/s; quantizer {(double)_quantizers / encoded:0.0}; {Frames / Math.Max(1e-3, elapsed.TotalSeconds):0} fps");
    }
}
