namespace VideoTool.Containers;

/// <summary>
/// Reads the first video track of a WebM or Matroska file (RFC 9559):
/// <code>
/// EBML header { DocType }  Segment { Info { TimestampScale }  Tracks { TrackEntry ... }  Cluster { Timestamp  SimpleBlock | BlockGroup { Block } ... } ... }
/// Block: track number (as sizes are) | time relative to the cluster 16, signed | flags 8, of which bits 1-2 are lacing | data
/// </code>
/// What holds what is not looked at, only the order, so that sizes may be unknown. Anything else is passed over.
/// </summary>
internal sealed class WebMReader : IFrameReader
{
    private const int MaxFrame = 64 << 20;

    private readonly EbmlReader _reader;
    private readonly long _length;
    private readonly CompressedFrame _first;
    private readonly List<WebMTrack> _tracks = [];
    private WebMTrack? _track;
    private string _docType = "";
    private ulong _timestampScale = 1_000_000;
    private ulong _clusterTime;
    private byte[] _buffer = new byte[1 << 16];
    private bool _hasFirst;
    private long _count;

    /// <exception cref="VideoFileException">It is no such file, or has no video.</exception>
    public WebMReader(Stream stream)
    {
        (_reader, _length) = (new EbmlReader(stream), stream.Length);

        // All that describes the track comes before the first frame.
        _hasFirst = TryReadBlock(out _first);
        if (_docType is not ("webm" or "matroska"))
        {
            throw new VideoFileException($"This is no WebM file: it is an EBML file of the kind '{_docType}'.");
        }

        var track = _track ?? FirstVideo() ?? throw new VideoFileException("There is no video track in this file, or it comes after the frames.");
        if (track.IsEncoded)
        {
            throw new VideoFileException("The video track is encrypted or compressed once more (ContentEncodings), which is not read.");
        }

        Format = new VideoFormat(_docType == "webm" ? "WebM" : "Matroska", track.Codec, track.Width, track.Height, track.FrameRate, null);
    }

    public VideoFormat Format { get; }

    public bool TryRead(out CompressedFrame frame)
    {
        if (_hasFirst)
        {
            (frame, _hasFirst) = (_first, false);
            return true;
        }

        return TryReadBlock(out frame);
    }

    public void Dispose() => _reader.Dispose();

    private bool TryReadBlock(out CompressedFrame frame)
    {
        try
        {
            while (_reader.ReadNext())
            {
                if (Take(out frame))
                {
                    _count++;
                    return true;
                }
            }

            frame = default;
            return false;
        }
        catch (EndOfStreamException)
        {
            throw new VideoFileException($"The file ends within an element, after {_count} frames: it is cut off.");
        }
        catch (InvalidDataException)
        {
            throw new VideoFileException($"The file is damaged after {_count} frames: what stands at byte {_reader.Position:N0} is no WebM.");
        }
    }

    // True where the element is a frame of the track.
    private bool Take(out CompressedFrame frame)
    {
        frame = default;
        switch (_reader.Id)
        {
            case WebMIds.Ebml or WebMIds.Segment or WebMIds.Info or WebMIds.Tracks or WebMIds.Video or WebMIds.BlockGroup:
                _reader.Enter();
                break;
            case WebMIds.Cluster:
                _track ??= FirstVideo();
                _reader.Enter();
                break;
            case WebMIds.TrackEntry:
                _tracks.Add(_tracks.Count < 128 ? new WebMTrack() : throw new InvalidDataException());
                _reader.Enter();
                break;
            case WebMIds.DocType:
                _docType = _reader.ReadText();
                break;
            case WebMIds.TimestampScale:
                _timestampScale = Math.Clamp(_reader.ReadUInt(), 1, 1_000_000_000);
                break;
            case WebMIds.Timestamp:
                _clusterTime = _reader.ReadUInt();
                break;
            case WebMIds.SimpleBlock or WebMIds.Block when _track is not null:
                return ReadBlock(_track, out frame);
            case var id when _track is null && _tracks.Count > 0:
                _tracks[^1].Take(id, _reader);
                break;
        }

        return _reader.Size is null && _reader.Id is not (WebMIds.Segment or WebMIds.Cluster) ? throw new InvalidDataException() : false;
    }

    private WebMTrack? FirstVideo() => _tracks.FirstOrDefault(track => track.IsVideo);

    private bool ReadBlock(WebMTrack track, out CompressedFrame frame)
    {
        frame = default;
        if (_reader.Size is not { } size || size > MaxFrame)
        {
            throw new VideoFileException($"Frame {_count} claims {_reader.Size:N0} bytes, more than {MaxFrame:N0}: the file is damaged.");
        }

        if (size > _length - _reader.Position)
        {
            throw new EndOfStreamException();
        }

        if (_buffer.Length < size)
        {
            _buffer = new byte[Math.Max(size, _buffer.Length * 2)];
        }

        var data = _reader.Read(_buffer);
        var numberLength = data.IsEmpty ? 0 : System.Numerics.BitOperations.LeadingZeroCount((uint)data[0]) - 23;
        if (numberLength is 0 or > 8 || data.Length < numberLength + 3)
        {
            throw new InvalidDataException();
        }

        var number = 0UL;
        foreach (var value in data[..numberLength])
        {
            number = (number << 8) | value;
        }

        var rest = data[numberLength..];
        if (number - (1UL << (7 * numberLength)) != track.Number)
        {
            return false;
        }

        if ((rest[2] & 0x06) != 0)
        {
            throw new VideoFileException($"Frame {_count} is laced with others, which is for sound; it is not read.");
        }

        var seconds = (_clusterTime + (double)(short)((rest[0] << 8) | rest[1])) * _timestampScale / 1e9;
        frame = new CompressedFrame(
            _buffer.AsMemory(numberLength + 3, rest.Length - 3),
            seconds < Times.MaxSeconds ? TimeSpan.FromSeconds(Math.Max(0, seconds)) : Times.Max);
        return true;
    }
}
