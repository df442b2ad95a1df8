using System.Buffers;
using System.Runtime.InteropServices;
using P2PCam.WebRtc.Receiving;

namespace P2PCam;

/// <summary>
/// One compressed picture: its bytes, a capture time, and an owner count. The bytes do not change while anyone holds a reference; the last
/// <see cref="Dispose"/> gives the memory back.
/// </summary>
public sealed class EncodedFrame : IDisposable
{
    private readonly ReadOnlyMemory<byte> _data;
    private readonly byte[]? _rented;
    private readonly IMemoryOwner<byte>? _owner;
    private int _payloadCount;
    private int _references = 1;

    private EncodedFrame(VideoCodec codec, bool isKeyFrame, TimeSpan timestamp, ReadOnlyMemory<byte> data, byte[]? rented, IMemoryOwner<byte>? owner)
    {
        (Codec, IsKeyFrame, Timestamp) = (codec, isKeyFrame, timestamp);
        (_data, _rented, _owner) = (data, rented, owner);
    }

    /// <summary>How it is compressed.</summary>
    public VideoCodec Codec { get; }

    /// <summary>Whether it can be decoded without any frame before it.</summary>
    public bool IsKeyFrame { get; }

    /// <summary>When the picture was captured, on the source's own monotonic clock.</summary>
    public TimeSpan Timestamp { get; }

    /// <summary>The layer of simulcast that it is of, by its sender's name (RFC 8851); null where there is one stream only.</summary>
    public string? Layer { get; private init; }

    /// <summary>
    /// The compressed bytes, without a container: of VP8 a frame as RFC 6386 section 9.1 has it, of H.264 an access unit in Annex B form, of VP9 and
    /// AV1 RTP payloads side by side.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The last reference is gone.</exception>
    public ReadOnlyMemory<byte> Data
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _references) <= 0, this);
            return _data;
        }
    }

    /// <summary>The sizes of the payloads of a VP9 or AV1 frame, in order, as they were received; empty for other codecs.</summary>
    internal ReadOnlySpan<ushort> PayloadSizes => _rented is null || _payloadCount == 0
        ? []
        : MemoryMarshal.Cast<byte, ushort>(_rented.AsSpan(ReceivedFrame.SizesOffset(_data.Length), sizeof(ushort) * _payloadCount));

    /// <summary>Copies compressed bytes into a frame of its own, in pooled memory.</summary>
    public static EncodedFrame Copy(ReadOnlySpan<byte> data, VideoCodec codec, bool isKeyFrame, TimeSpan timestamp, string? layer = null)
    {
        var rented = ArrayPool<byte>.Shared.Rent(data.Length);
        data.CopyTo(rented);
        return new(codec, isKeyFrame, timestamp, rented.AsMemory(0, data.Length), rented, null) { Layer = layer };
    }

    /// <summary>Wraps compressed bytes without copying; <paramref name="owner"/>, if any, is disposed with the frame.</summary>
    public static EncodedFrame Wrap(
        ReadOnlyMemory<byte> data, VideoCodec codec, bool isKeyFrame, TimeSpan timestamp, IMemoryOwner<byte>? owner = null, string? layer = null) =>
        new(codec, isKeyFrame, timestamp, data, null, owner) { Layer = layer };

    /// <summary>Adds an owner; each owner calls <see cref="Dispose"/> once.</summary>
    /// <exception cref="ObjectDisposedException">The last reference is gone already.</exception>
    public EncodedFrame AddReference()
    {
        // Never from 0 to 1, not even for a moment: a late Dispose of another thread would give the memory back twice.
        for (var references = Volatile.Read(ref _references); references > 0;)
        {
            var seen = Interlocked.CompareExchange(ref _references, references + 1, references);
            if (seen == references)
            {
                return this;
            }

            references = seen;
        }

        throw new ObjectDisposedException(nameof(EncodedFrame), "A frame cannot be kept after its last reference was disposed.");
    }

    /// <summary>Gives up one reference; the last one returns the memory. Once that has happened, further calls do nothing.</summary>
    public void Dispose()
    {
        for (var references = Volatile.Read(ref _references); references > 0;)
        {
            var seen = Interlocked.CompareExchange(ref _references, references - 1, references);
            if (seen == references)
            {
                if (references == 1)
                {
                    Release();
                }

                return;
            }

            references = seen;
        }
    }

    /// <summary>Takes over what a session received, its buffer with it.</summary>
    /// <param name="received">As it came.</param>
    /// <param name="timestamp">When it was captured.</param>
    internal static EncodedFrame TakeOver(in ReceivedFrame received, TimeSpan timestamp) =>
        new(received.Codec.ToVideoCodec(), received.IsKeyFrame, timestamp, received.Buffer.AsMemory(0, received.Length), received.Buffer, null)
        {
            Layer = received.Rid,
            _payloadCount = received.PayloadCount,
        };

    private void Release()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }

        _owner?.Dispose();
    }
}
