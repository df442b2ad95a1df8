namespace VideoTool.Containers;

/// <summary>What a TrackEntry says (RFC 9559 section 5.1.4.1).</summary>
internal sealed class WebMTrack
{
    private const int VideoType = 1;
    private const ulong ShortestFrame = 1_000_000;
    private const ulong LongestFrame = 100_000_000_000;

    private ulong _type;
    private ulong _frameDuration;

    public ulong Number { get; private set; }

    public string Codec { get; private set; } = "";

    public int Width { get; private set; }

    public int Height { get; private set; }

    public bool IsVideo => _type == VideoType;

    /// <summary>Encrypted, or compressed besides.</summary>
    public bool IsEncoded { get; private set; }

    /// <summary>Null where the file does not say.</summary>
    public Rational? FrameRate => _frameDuration is > ShortestFrame and < LongestFrame ? Rational.Near(1e9 / _frameDuration) : null;

    /// <summary>Takes one of the elements inside; those that say something else are passed over.</summary>
    public void Take(uint id, EbmlReader reader)
    {
        switch (id)
        {
            case WebMIds.TrackNumber:
                Number = reader.ReadUInt();
                break;
            case WebMIds.TrackType:
                _type = reader.ReadUInt();
                break;
            case WebMIds.CodecId:
                Codec = reader.ReadText();
                break;
            case WebMIds.DefaultDuration:
                _frameDuration = reader.ReadUInt();
                break;
            case WebMIds.ContentEncodings:
                IsEncoded = true;
                break;
            case WebMIds.PixelWidth:
                Width = (int)Math.Min(reader.ReadUInt(), int.MaxValue);
                break;
            case WebMIds.PixelHeight:
                Height = (int)Math.Min(reader.ReadUInt(), int.MaxValue);
                break;
        }
    }
}
