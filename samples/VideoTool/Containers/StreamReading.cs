namespace VideoTool.Containers;

internal static class StreamReading
{
    /// <summary>Fills the buffer; false where the stream is at its end, or ends on the way.</summary>
    public static bool TryFill(this Stream stream, Span<byte> buffer) => stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) == buffer.Length;

    /// <summary>What is left of a file; as much as can be where that is not known.</summary>
    public static long Remaining(this Stream stream) => stream.CanSeek ? stream.Length - stream.Position : long.MaxValue;
}
