using P2PCam;
using P2PCam.Codecs.Vp8;

namespace VideoTool.Containers;

/// <summary>
/// The pictures of a VP8 file, one for each frame time: where the encoder left frames out, the picture before stays, as a viewer sees it.
/// Where the
/// stream changes its size, as calls do, pictures go on in that of the first one, as they do from FFmpeg.
/// </summary>
internal sealed class DecodedReader : IPictureReader
{
    // Longer gaps are damaged times, or a recording that was interrupted; they are not filled.
    private const int LongestGapSeconds = 10;

    private readonly IFrameReader _frames;
    private readonly Vp8Decoder _decoder = new(new Vp8DecoderOptions { MaxWidth = 16383, MaxHeight = 16383 });
    private VideoFrame? _shown;
    private VideoFrame? _coming;
    private long _comingNumber;
    private long _offset;
    private long _next;
    private long _count;

    public DecodedReader(IFrameReader frames)
    {
        _frames = frames;
        if (!frames.Format.IsVp8)
        {
            throw new VideoFileException($"The file's video is {frames.Format.Codec}; VP8 is decoded here, and FFmpeg makes Y4M of all others.");
        }

        Advance();
        if (_coming is null)
        {
            throw new VideoFileException("There is no picture in the file.");
        }

        (Width, Height) = (_coming.Width, _coming.Height);
        (_offset, _comingNumber) = (_comingNumber, 0);
    }

    public int Width { get; }

    public int Height { get; }

    public Rational FrameRate => _frames.Format.FrameRate ?? new Rational(30, 1);

    public long? Frames => _frames.Format.Frames;

    public string? Note { get; private set; }

    public VideoFrame? Read()
    {
        if (_coming is null)
        {
            return null;
        }

        if (_comingNumber - _next > LongestGapSeconds * FrameRate.Value)
        {
            _offset += _comingNumber - _next;
            _comingNumber = _next;
        }

        if (_comingNumber <= _next)
        {
            _shown?.Dispose();
            (_shown, _coming) = (_coming, null);
            Advance();
        }

        _next++;
        return _shown!.AddReference();
    }

    public void Dispose()
    {
        _shown?.Dispose();
        _coming?.Dispose();
        _decoder.Dispose();
        _frames.Dispose();
    }

    // Frames that are not to be shown are passed over.
    private void Advance()
    {
        while (_coming is null && _frames.TryRead(out var frame))
        {
            var result = _decoder.Decode(frame.Data.Span, frame.Time, out _coming);
            if (result != Vp8DecodeResult.Ok)
            {
                throw new VideoFileException($"Frame {_count} does not decode ({result}): the file is damaged, or does not begin with a key frame.");
            }

            if (_coming is not null && Width > 0 && (_coming.Width != Width || _coming.Height != Height))
            {
                Note ??= FormattableString.Invariant(
                    $"From frame {_count} on the stream has pictures of {_coming.Width}x{_coming.Height}; ")
                    + FormattableString.Invariant($"what is not {Width}x{Height}, the first one's size, is scaled to it.");
                using var original = _coming;
                _coming = PictureScaler.Scale(original, Width, Height);
            }

            _count++;
            _comingNumber = FrameRate.NumberAt(frame.Time) - _offset;
        }
    }
}
