namespace P2PCam.Codecs.Vp8;

/// <summary>
/// What became of a frame given to a <see cref="Vp8Decoder"/>. After anything but <see cref="Ok"/> the next key frame decodes, and
/// frames until then give <see cref="NotAKeyFrame"/>.
/// </summary>
public enum Vp8DecodeResult
{
    /// <summary>Decoded.</summary>
    Ok,

    /// <summary>The frame refers to earlier ones that are not there: the stream did not start with a key frame, or a frame before this one failed.</summary>
    NotAKeyFrame,

    /// <summary>The frame ends before all of it was decoded.</summary>
    Truncated,

    /// <summary>The bytes are not a VP8 frame.</summary>
    Corrupt,

    /// <summary>The picture has no width or height, or is larger than <see cref="Vp8DecoderOptions"/> allow.</summary>
    UnsupportedSize,

    /// <summary>The bitstream profile is none of 0 to 3 (RFC 6386 section 9.1).</summary>
    UnsupportedProfile,
}
