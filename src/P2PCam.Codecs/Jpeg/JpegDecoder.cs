using P2PCam.Codecs.Jpeg.Decoding;

namespace P2PCam.Codecs.Jpeg;

/// <summary>
/// Decodes baseline JPEG (ITU-T T.81), and with it the frames of MJPEG cameras, to I420 pictures in video's limited range: gray, YCbCr with
/// chroma at full, half or a quarter of
/// luma's width and height, and RGB. Frames that leave the Huffman tables out, as many cameras do, are decoded with those of annex K.3.
/// What
/// is damaged between two restart markers is gray there, and the rest of the picture as it should be. Whatever the bytes, the
/// outcome is a value, never an exception. Not for use by several threads at once.
/// </summary>
public sealed class JpegDecoder
{
    private readonly JpegDecoderOptions _options;
    private readonly DecodingTables _tables = new();
    private readonly PictureLayout _layout = new();
    private readonly ScanReader _scan = new();

    /// <summary>Takes hardly any memory before the first picture.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names both.</exception>
    public JpegDecoder(JpegDecoderOptions? options = null)
    {
        _options = options ?? new JpegDecoderOptions();
        _options.Validate();
    }

    /// <summary>What was wrong with the last picture, in words; empty where nothing was.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>Decodes one picture. Bytes after its end are not looked at.</summary>
    /// <param name="data">From SOI on.</param>
    /// <param name="timestamp">Goes to the picture.</param>
    /// <param name="frame">The picture in I420, from the pool; the caller disposes it. Null where the result is not <see cref="JpegDecodeResult.Ok"/>.</param>
    public JpegDecodeResult Decode(ReadOnlySpan<byte> data, TimeSpan timestamp, out VideoFrame? frame)
    {
        frame = null;
        _tables.Reset();
        _layout.Reset();
        var outcome = ReadSegments(new SegmentReader(data));
        Reason = outcome.Reason;
        if (outcome.Result == JpegDecodeResult.Ok)
        {
            frame = VideoFrame.Rent(_layout.Width, _layout.Height, PixelFormat.I420, timestamp, out var pixels);
            if (_layout.IsRgb)
            {
                RgbOutput.Write(_layout, pixels.Span);
            }
            else
            {
                I420Output.Write(_layout, pixels.Span);
            }
        }

        return outcome.Result;
    }

    // SOI | tables and the frame header in any order | SOS and entropy-coded data, once for all components or once for each | EOI
    private Outcome ReadSegments(SegmentReader reader)
    {
        if (!reader.StartsWithImage())
        {
            return Outcome.Corrupt("The data does not start with SOI (FF D8): it is no JPEG.");
        }

        while (true)
        {
            if (!reader.TryRead(out var marker, out var payload, out var outcome))
            {
                return outcome;
            }

            outcome = marker switch
            {
                JpegMarker.Dqt => _tables.ReadQuantization(payload),
                JpegMarker.Dht => _tables.ReadHuffman(payload),
                JpegMarker.Dri => _tables.ReadRestartInterval(payload),
                JpegMarker.App0 => _layout.ReadJfif(payload),
                JpegMarker.App14 => _layout.ReadAdobe(payload),
                JpegMarker.Sof0 or JpegMarker.Sof1 => _layout.Read(payload, _options),
                JpegMarker.Sos => _scan.Read(ref reader, payload, _layout, _tables),
                JpegMarker.Eoi => Outcome.Truncated("The picture ends (EOI) before all of its components came."),
                JpegMarker.Sof2 => Outcome.Process("This is a progressive JPEG; baseline is decoded."),
                >= 0xC3 and <= 0xCF => Outcome.Process("This JPEG is lossless, hierarchical or coded arithmetically; baseline is decoded."),
                _ => Outcome.Ok,
            };
            if (outcome.Result != JpegDecodeResult.Ok || _layout.IsComplete)
            {
                return outcome;
            }
        }
    }
}
