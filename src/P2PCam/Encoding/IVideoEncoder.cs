using System.Buffers;

namespace P2PCam;

/// <summary>Turns pictures into one compressed stream. Used by one thread at a time.</summary>
public interface IVideoEncoder : IDisposable
{
    /// <summary>The codec of the stream.</summary>
    VideoCodec Codec { get; }

    /// <summary>Sets the bit rate to hold, in bits per second, from the next frame on.</summary>
    void SetTargetBitrate(int bitsPerSecond);

    /// <summary>Compresses one frame into <paramref name="output"/>. A frame whose size differs from the one before starts with a key frame.</summary>
    EncodeResult Encode(VideoFrame frame, bool forceKeyFrame, IBufferWriter<byte> output);
}
