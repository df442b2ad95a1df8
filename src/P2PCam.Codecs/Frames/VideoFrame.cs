using System.Buffers;

namespace P2PCam;

/// <summary>
/// One uncompressed picture: planes with strides, a capture time, and an owner count. The pixels do not change while
/// anyone holds a reference; the last <see cref="Dispose"/> gives the memory back.
/// </summary>
public sealed class VideoFrame : IDisposable
{
    private readonly FrameLayout _layout;
    private readonly byte[]? _rented;
    private readonly IMemoryOwner<byte>? _owner;
    private readonly ReadOnlyMemory<byte> _pixels;
    private int _references = 1;

    private VideoFrame(
        int width,
        int height,
        PixelFormat format,
        TimeSpan timestamp,
        FrameLayout layout,
        ReadOnlyMemory<byte> pixels,
        byte[]? rented,
        IMemoryOwner<byte>? owner)
    {
        (Width, Height, Format, Timestamp) = (width, height, format, timestamp);
        (_layout, _pixels, _rented, _owner) = (layout, pixels, rented, owner);
    }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>How the bytes are laid out.</summary>
    public PixelFormat Format { get; }

    /// <summary>When the picture was captured, on the source's own monotonic clock.</summary>
    public TimeSpan Timestamp { get; }

    /// <summary>Number of planes: 3 for I420, 2 for NV12, 1 for packed formats.</summary>
    public int PlaneCount => _layout.PlaneCount;

    /// <summary>Copies tightly packed pixels into a frame of its own.</summary>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> is not exactly as long as the size and format say.</exception>
    public static VideoFrame Copy(ReadOnlySpan<byte> pixels, int width, int height, PixelFormat format, TimeSpan timestamp)
    {
        var layout = FrameLayout.For(format, width, height);
        CheckLength(pixels.Length, layout, width, height, format, nameof(pixels));
        var frame = Rent(width, height, format, timestamp, out var memory);
        pixels.CopyTo(memory.Span);
        return frame;
    }

    /// <summary>Wraps tightly packed pixels without copying; <paramref name="owner"/>, if any, is disposed with the frame.</summary>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> is not exactly as long as the size and format say.</exception>
    public static VideoFrame Wrap(
        ReadOnlyMemory<byte> pixels, int width, int height, PixelFormat format, TimeSpan timestamp, IMemoryOwner<byte>? owner = null)
    {
        var layout = FrameLayout.For(format, width, height);
        CheckLength(pixels.Length, layout, width, height, format, nameof(pixels));
        return new VideoFrame(width, height, format, timestamp, layout, pixels, null, owner);
    }

    /// <summary>Takes a frame from the pool.</summary>
    /// <param name="width">Width in pixels, 1 to 16383.</param>
    /// <param name="height">Height in pixels, 1 to 16383.</param>
    /// <param name="format">How the bytes are laid out.</param>
    /// <param name="timestamp">When the picture was captured.</param>
    /// <param name="pixels">Where to write the pixels, all planes tightly packed, before anyone else sees the frame. Not cleared.</param>
    public static VideoFrame Rent(int width, int height, PixelFormat format, TimeSpan timestamp, out Memory<byte> pixels)
    {
        var layout = FrameLayout.For(format, width, height);
        var rented = ArrayPool<byte>.Shared.Rent(layout.Size);
        pixels = rented.AsMemory(0, layout.Size);
        return new VideoFrame(width, height, format, timestamp, layout, pixels, rented, null);
    }

    /// <summary>The number of bytes that tightly packed pixels of this size and format take.</summary>
    public static int GetByteCount(int width, int height, PixelFormat format) => FrameLayout.For(format, width, height).Size;

    /// <summary>Bytes from the start of one row of a plane to the start of the next.</summary>
    public int GetStride(int plane) => plane switch
    {
        0 => _layout.Stride0,
        1 when _layout.PlaneCount > 1 => _layout.Stride1,
        2 when _layout.PlaneCount > 2 => _layout.Stride2,
        _ => throw new ArgumentOutOfRangeException(nameof(plane), plane, $"A frame in {Format} has {_layout.PlaneCount} plane(s)."),
    };

    /// <summary>The bytes of one plane, from its first row to its last.</summary>
    /// <exception cref="ObjectDisposedException">The last reference is gone.</exception>
    public ReadOnlySpan<byte> GetPlane(int plane)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _references) <= 0, this);
        var stride = GetStride(plane);
        var (offset, rows) = plane switch
        {
            0 => (0, Height),
            1 => (_layout.Offset1, _layout.Rows1),
            _ => (_layout.Offset2, _layout.Rows1),
        };
        return _pixels.Span.Slice(offset, stride * rows);
    }

    /// <summary>Adds an owner; each owner calls <see cref="Dispose"/> once.</summary>
    /// <exception cref="ObjectDisposedException">The last reference is gone already.</exception>
    public VideoFrame AddReference()
    {
        // Never from 0 to 1, not even for a moment: a late Dispose of another thread would give the memory back twice.
        var references = Volatile.Read(ref _references);
        while (references > 0)
        {
            var seen = Interlocked.CompareExchange(ref _references, references + 1, references);
            if (seen == references)
            {
                return this;
            }

            references = seen;
        }

        throw new ObjectDisposedException(nameof(VideoFrame), "A frame cannot be kept after its last reference was disposed.");
    }

    /// <summary>Gives up one reference; the last one returns the memory. Once that has happened, further calls do nothing.</summary>
    public void Dispose()
    {
        if (!TakeReference())
        {
            return;
        }

        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }

        _owner?.Dispose();
    }

    /// <summary>Gives up one reference; true when that was the last.</summary>
    private bool TakeReference()
    {
        var references = Volatile.Read(ref _references);
        while (references > 0)
        {
            var seen = Interlocked.CompareExchange(ref _references, references - 1, references);
            if (seen == references)
            {
                return references == 1;
            }

            references = seen;
        }

        return false;
    }

    private static void CheckLength(int length, FrameLayout layout, int width, int height, PixelFormat format, string parameter)
    {
        if (length != layout.Size)
        {
            throw new ArgumentException($"A {width}x{height} frame in {format} takes {layout.Size} bytes; {length} were given.", parameter);
        }
    }
}
