namespace P2PCam;

/// <summary>How the bytes of a <see cref="VideoFrame"/> are laid out. 8 bits per sample; YUV is BT.601 limited range.</summary>
public enum PixelFormat
{
    /// <summary>Planar 4:2:0: Y, then U, then V; chroma planes are (width+1)/2 by (height+1)/2.</summary>
    I420,

    /// <summary>Semi-planar 4:2:0: Y, then interleaved U and V.</summary>
    Nv12,

    /// <summary>Packed 4:2:2: Y0 U Y1 V for each pair of pixels; an odd width is padded to a whole pair.</summary>
    Yuy2,

    /// <summary>Packed 32 bits: blue, green, red, alpha (ignored).</summary>
    Bgra32,

    /// <summary>Packed 24 bits: red, green, blue.</summary>
    Rgb24,
}
