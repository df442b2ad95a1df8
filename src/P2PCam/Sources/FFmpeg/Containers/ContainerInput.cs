namespace P2PCam.Sources.FFmpeg.Containers;

/// <summary>A stream read in pieces of known size, with one buffer that grows up to a limit.</summary>
internal sealed class ContainerInput(Stream stream)
{
    /// <summary>Larger frames are taken for damage: at 8 MiB a second's worth of 60 Mbit/s would be in one picture.</summary>
    public const int MaxFrameBytes = 8 << 20;

    private const int FirstBuffer = 64 << 10;
    private byte[] _buffer = new byte[FirstBuffer];

    /// <summary>What was read last.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, Length);

    public int Length { get; private set; }

    /// <summary>Reads so many bytes, at most <see cref="MaxFrameBytes"/>; false when the stream ends before, or its pipe breaks.</summary>
    public async ValueTask<bool> TryReadAsync(int count)
    {
        if (count > _buffer.Length)
        {
            _buffer = new byte[Math.Min(Math.Max(count, _buffer.Length * 2), MaxFrameBytes)];
        }

        Length = count;
        try
        {
            return await stream.ReadAtLeastAsync(_buffer.AsMemory(0, count), count, throwOnEndOfStream: false) == count;
        }
        catch (IOException)
        {
            // The process is gone, and its exit code says more than the pipe does.
            return false;
        }
    }

    /// <summary>Leaves so many bytes out.</summary>
    public async ValueTask<bool> TrySkipAsync(int count)
    {
        for (; count > 0; count -= Length)
        {
            if (!await TryReadAsync(Math.Min(count, FirstBuffer)))
            {
                return false;
            }
        }

        return true;
    }
}
