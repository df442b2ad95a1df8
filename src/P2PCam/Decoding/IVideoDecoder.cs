namespace P2PCam.VideoDecoding;

/// <summary>Turns one compressed stream back into pictures. Used by one thread at a time.</summary>
internal interface IVideoDecoder : IDisposable
{
    /// <summary>The codec of the stream.</summary>
    VideoCodec Codec { get; }

    /// <summary>
    /// Decodes the next frame of the stream; the caller disposes <paramref name="picture"/>. Bytes that cannot be decoded give
    /// <see cref="DecodeOutcome.Undecodable"/>, never an exception.
    /// </summary>
    DecodeOutcome Decode(EncodedFrame frame, out VideoFrame? picture);
}

/// <summary>What became of one compressed frame.</summary>
internal enum DecodeOutcome
{
    /// <summary>There is a picture.</summary>
    Picture,

    /// <summary>The frame is used, but is not to be shown.</summary>
    NotShown,

    /// <summary>The picture is larger than the decoder takes.</summary>
    TooLarge,

    /// <summary>The stream cannot be followed before the next key frame.</summary>
    Undecodable,
}
