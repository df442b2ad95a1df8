using P2PCam;

namespace VideoTool.Containers;

/// <summary>What a file says of its video.</summary>
/// <param name="Container">IVF, WebM, Matroska or Y4M.</param>
/// <param name="Codec">As the container names it: VP80, V_VP8, ...</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="FrameRate">Null where only the frames' times tell.</param>
/// <param name="Frames">Null where the file does not say.</param>
internal sealed record VideoFormat(string Container, string Codec, int Width, int Height, Rational? FrameRate, long? Frames)
{
    public bool IsVp8 => Codec is "VP80" or "V_VP8";
}

/// <summary>One compressed frame; the bytes are good until the next is read.</summary>
internal readonly record struct CompressedFrame(ReadOnlyMemory<byte> Data, TimeSpan Time);

/// <summary>Reads compressed frames in order.</summary>
internal interface IFrameReader : IDisposable
{
    VideoFormat Format { get; }

    /// <summary>False at the end.</summary>
    /// <exception cref="VideoFileException">The file is damaged or cut off here.</exception>
    bool TryRead(out CompressedFrame frame);
}

/// <summary>Writes VP8 frames in order. What is there is a good file after each <see cref="Finish"/>, and a readable one before.</summary>
internal interface IFrameWriter : IDisposable
{
    /// <param name="data">The frame.</param>
    /// <param name="number">The place in time, counted in frames; those left out are jumped over.</param>
    /// <param name="isKeyFrame">Seeking may start here.</param>
    void Write(ReadOnlySpan<byte> data, long number, bool isKeyFrame);

    /// <summary>Writes what is known only at the end.</summary>
    void Finish();
}

/// <summary>Reads uncompressed pictures in I420, one for each frame time.</summary>
internal interface IPictureReader : IDisposable
{
    int Width { get; }

    int Height { get; }

    Rational FrameRate { get; }

    /// <summary>Null where that is not known before the end.</summary>
    long? Frames { get; }

    /// <summary>What a user should know of what was read so far; null for nothing.</summary>
    string? Note => null;

    /// <summary>The next picture, which the caller disposes; null at the end.</summary>
    /// <exception cref="VideoFileException">The file is damaged or cut off here.</exception>
    VideoFrame? Read();
}
