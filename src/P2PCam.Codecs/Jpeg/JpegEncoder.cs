using System.Buffers;
using P2PCam.Codecs.Frames;

namespace P2PCam.Codecs.Jpeg;

/// <summary>
/// Encodes pictures as baseline JPEG (ITU-T T.81) in a JFIF file (ITU-T T.871), 4:2:0: stills, and frames of MJPEG. Not for use by several threads
/// at once.
/// </summary>
public sealed class JpegEncoder
{
    private readonly QuantizationTable _luma;
    private readonly QuantizationTable _chroma;
    private readonly ScanWriter _scan = new();

    /// <summary>Sets the tables up.</summary>
    /// <param name="quality">1, smallest, to 100, nearly lossless; the scale of the Independent JPEG Group.</param>
    /// <exception cref="ArgumentOutOfRangeException">The quality is out of its range.</exception>
    public JpegEncoder(int quality = 85)
    {
        if (quality is < 1 or > 100)
        {
            throw new ArgumentOutOfRangeException(nameof(quality), quality, "quality must be from 1 to 100.");
        }

        Quality = quality;
        (_luma, _chroma) = (QuantizationTable.Luma(quality), QuantizationTable.Chroma(quality));
    }

    /// <summary>1 to 100.</summary>
    public int Quality { get; }

    /// <summary>
    /// Appends one JPEG file to <paramref name="output"/>. A picture in another format than I420 is converted first. The limited range of
    /// video becomes the full range that JFIF has.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The frame's last reference is gone.</exception>
    public void Encode(VideoFrame frame, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(output);
        using var picture = FrameConverter.ToI420(frame);
        JpegHeader.Write(output, picture.Width, picture.Height, _luma, _chroma);
        _scan.Write(output, picture, _luma, _chroma);
        JpegHeader.WriteEnd(output);
    }
}
