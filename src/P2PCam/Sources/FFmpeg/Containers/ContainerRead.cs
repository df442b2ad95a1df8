using System.Buffers;

namespace P2PCam.Sources.FFmpeg.Containers;

internal enum ContainerStatus
{
    /// <summary>A frame.</summary>
    Frame,

    /// <summary>The output has ended, whatever the reason.</summary>
    End,

    /// <summary>The bytes are not what they should be.</summary>
    Malformed,

    /// <summary>Well formed, but compressed in another way than this container is for.</summary>
    OtherCodec,

    /// <summary>H.264 that viewers do not play.</summary>
    Unplayable,
}

/// <summary>What came next in a container.</summary>
/// <param name="Status">Which of it.</param>
/// <param name="Frame">The frame, if it is one.</param>
/// <param name="Detail">What is wrong, as the end of a sentence; the codec's name where it is another one.</param>
internal readonly record struct ContainerRead(ContainerStatus Status, ContainerFrame Frame = default, string? Detail = null);

/// <summary>One compressed frame as it came out of a container.</summary>
/// <param name="Codec">How it is compressed.</param>
/// <param name="IsKeyFrame">Whether it can be decoded without any frame before it.</param>
/// <param name="Time">When it is to be shown, from the stream's own zero.</param>
/// <param name="MayBeReordered">Whether it is to be shown later than it is to be decoded, as where B-frames follow.</param>
/// <param name="Rented">An array of the shared pool; its first bytes are the frame.</param>
/// <param name="Length">So many.</param>
internal readonly record struct ContainerFrame(
    VideoCodec Codec, bool IsKeyFrame, TimeSpan Time, bool MayBeReordered, byte[] Rented, int Length)
{
    /// <summary>Gives the memory back, unless <see cref="WithTimestamp"/> has handed it on.</summary>
    public void Release() => ArrayPool<byte>.Shared.Return(Rented);

    public EncodedFrame WithTimestamp(TimeSpan timestamp) => EncodedFrame.TakeOver(Rented, Length, Codec, IsKeyFrame, timestamp);
}
