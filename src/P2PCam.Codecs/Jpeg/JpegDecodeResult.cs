namespace P2PCam.Codecs.Jpeg;

/// <summary>What became of a picture given to a <see cref="JpegDecoder"/>; <see cref="JpegDecoder.Reason"/> says more. No picture depends on another.</summary>
public enum JpegDecodeResult
{
    /// <summary>Decoded.</summary>
    Ok,

    /// <summary>The data ends before the picture does.</summary>
    Truncated,

    /// <summary>The bytes are no JPEG, or contradict themselves.</summary>
    Corrupt,

    /// <summary>The picture has no width or height, or is larger than <see cref="JpegDecoderOptions"/> allow.</summary>
    UnsupportedSize,

    /// <summary>A coding process other than sequential Huffman coding of 8 bits: progressive, lossless, arithmetic, 12 bits.</summary>
    UnsupportedProcess,

    /// <summary>Components other than gray, YCbCr or RGB, such as CMYK, or with unusual sampling.</summary>
    UnsupportedFormat,
}
