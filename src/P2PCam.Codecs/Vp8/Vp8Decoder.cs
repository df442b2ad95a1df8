using P2PCam.Codecs.Vp8.Decoding;

namespace P2PCam.Codecs.Vp8;

/// <summary>
/// Decodes VP8 (RFC 6386), all profiles, to I420 pictures. Whatever the bytes, the outcome is a value, never an exception. Not for use by several
/// threads at once.
/// </summary>
public sealed class Vp8Decoder : IDisposable
{
    private readonly Vp8DecoderOptions _options;
    private readonly FrameHeader _header = new();
    private readonly Partitions _partitions = new();
    private FrameDecoder? _decoder;
    private bool _hasReferences;
    private bool _disposed;

    /// <summary>Takes hardly any memory before the first key frame.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names both.</exception>
    public Vp8Decoder(Vp8DecoderOptions? options = null)
    {
        _options = options ?? new Vp8DecoderOptions();
        _options.Validate();
    }

    /// <summary>Width in pixels of the stream's pictures; 0 before the first key frame.</summary>
    public int Width => _decoder?.Width ?? 0;

    /// <summary>Height in pixels of the stream's pictures; 0 before the first key frame.</summary>
    public int Height => _decoder?.Height ?? 0;

    /// <summary>The quantizer index of the last frame decoded, 0 (finest) to 127 (RFC 6386 section 9.6); 0 before the first. Segments may differ from it.</summary>
    public int Quantizer => _header.Dequantizers.BaseIndex;

    /// <summary>Decodes one compressed frame.</summary>
    /// <param name="data">The frame. No bytes at all stand for a frame that the encoder left out: the last picture comes again.</param>
    /// <param name="timestamp">Goes to the picture.</param>
    /// <param name="frame">
    /// The picture in I420, from the pool; the caller disposes it. Null where the result is not <see cref="Vp8DecodeResult.Ok"/>, and for a frame that
    /// is not to be shown but only referred to (RFC 6386 section 9.1).
    /// </param>
    public Vp8DecodeResult Decode(ReadOnlySpan<byte> data, TimeSpan timestamp, out VideoFrame? frame)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        frame = null;
        if (data.IsEmpty)
        {
            return Repeat(timestamp, out frame);
        }

        var result = FrameTag.Read(data, out var tag);
        if (result == Vp8DecodeResult.Ok)
        {
            result = Decode(data, tag, timestamp, out frame);
        }

        // Frames after one that failed would refer to what is not there.
        _hasReferences = result == Vp8DecodeResult.Ok;
        return result;
    }

    /// <summary>Ends the decoder's use. Pictures handed out stay good.</summary>
    public void Dispose()
    {
        _disposed = true;
        _decoder = null;
    }

    private Vp8DecodeResult Decode(ReadOnlySpan<byte> data, in FrameTag tag, TimeSpan timestamp, out VideoFrame? frame)
    {
        frame = null;
        if (!tag.IsKeyFrame && !_hasReferences)
        {
            return Vp8DecodeResult.NotAKeyFrame;
        }

        if (tag.Width > _options.MaxWidth || tag.Height > _options.MaxHeight)
        {
            return Vp8DecodeResult.UnsupportedSize;
        }

        _partitions.Begin(data, tag);
        _header.Read(ref _partitions.First, tag.IsKeyFrame);
        if (_partitions.First.IsExhausted)
        {
            return Vp8DecodeResult.Truncated;
        }

        var result = _partitions.ReadTokenPartitions(data, tag, _header.TokenPartitions);
        if (result != Vp8DecodeResult.Ok)
        {
            return result;
        }

        if (tag.IsKeyFrame && (_decoder is null || tag.Width != _decoder.Width || tag.Height != _decoder.Height))
        {
            _decoder = new FrameDecoder(tag.Width, tag.Height);
        }

        return DecodePicture(tag, timestamp, out frame);
    }

    private Vp8DecodeResult DecodePicture(in FrameTag tag, TimeSpan timestamp, out VideoFrame? frame)
    {
        Memory<byte> pixels = default;
        frame = tag.IsShown ? VideoFrame.Rent(Width, Height, PixelFormat.I420, timestamp, out pixels) : null;
        if (!_decoder!.Decode(_partitions, _header, tag.Profile, pixels))
        {
            frame?.Dispose();
            frame = null;
            return Vp8DecodeResult.Truncated;
        }

        _header.EndFrame();
        return Vp8DecodeResult.Ok;
    }

    private Vp8DecodeResult Repeat(TimeSpan timestamp, out VideoFrame? frame)
    {
        frame = null;
        if (!_hasReferences)
        {
            return Vp8DecodeResult.NotAKeyFrame;
        }

        frame = VideoFrame.Rent(Width, Height, PixelFormat.I420, timestamp, out var pixels);
        _decoder!.Repeat(pixels);
        return Vp8DecodeResult.Ok;
    }
}
