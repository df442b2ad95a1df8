using System.Globalization;
using System.Text;
using P2PCam;

namespace VideoTool.Containers;

/// <summary>
/// Reads YUV4MPEG2 with 8-bit 4:2:0: one header line, <c>YUV4MPEG2 W1280 H720 F30:1 C420jpeg ...</c>, then for each picture a line that starts
/// with <c>FRAME</c> and the planes Y, U, V. The 4:2:0 variants differ in where chroma samples lie, which nothing here depends on.
/// </summary>
internal sealed class Y4mReader : IPictureReader
{
    public const string Magic = "YUV4MPEG2";
    private const int MaxLine = 1024;
    private const int MaxSide = 16383;

    private readonly Stream _stream;
    private readonly byte[] _line = new byte[MaxLine];
    private readonly int _pictureSize;
    private long _count;

    public Y4mReader(Stream stream)
    {
        _stream = stream;
        var fields = ReadLine()?.Split(' ') ?? [];
        if (fields.Length == 0 || fields[0] != Magic)
        {
            throw new VideoFileException("This is no Y4M file: it does not start with YUV4MPEG2.");
        }

        foreach (var field in fields.Skip(1).Where(field => field.Length > 0))
        {
            Take(field[0], field[1..]);
        }

        if (Width == 0 || Height == 0)
        {
            throw new VideoFileException("The Y4M header has no width or no height.");
        }

        _pictureSize = VideoFrame.GetByteCount(Width, Height, PixelFormat.I420);
        Frames = stream.CanSeek ? stream.Remaining() / (_pictureSize + "FRAME\n".Length) : null;
    }

    public int Width { get; private set; }

    public int Height { get; private set; }

    public Rational FrameRate { get; private set; } = new(30, 1);

    /// <summary>Such as 420jpeg.</summary>
    public string Chroma { get; private set; } = "420jpeg";

    public long? Frames { get; }

    public VideoFrame? Read()
    {
        if (ReadLine() is not { } line)
        {
            return null;
        }

        if (line != "FRAME" && !line.StartsWith("FRAME ", StringComparison.Ordinal))
        {
            throw new VideoFileException($"Picture {_count} of the Y4M file does not begin with FRAME: the file is damaged, or the one before it is cut off.");
        }

        var frame = VideoFrame.Rent(Width, Height, PixelFormat.I420, FrameRate.TimeOf(_count), out var pixels);
        if (!_stream.TryFill(pixels.Span))
        {
            frame.Dispose();
            throw new VideoFileException($"The Y4M file ends within picture {_count}: it is cut off.");
        }

        _count++;
        return frame;
    }

    public void Dispose() => _stream.Dispose();

    private void Take(char tag, string value)
    {
        switch (tag)
        {
            case 'W':
                Width = Side(value);
                break;
            case 'H':
                Height = Side(value);
                break;
            case 'F' when value != "0:0":
                var parts = value.Split(':');
                FrameRate = parts.Length == 2 && Number(parts[0]) is > 0 and var n && Number(parts[1]) is > 0 and var d
                    ? new(n, d)
                    : throw new VideoFileException($"The Y4M header's frame rate '{value}' is none; 30:1 would be one.");
                break;
            case 'C':
                Chroma = value is "420" or "420jpeg" or "420mpeg2" or "420paldv"
                    ? value
                    : throw new VideoFileException($"The Y4M file's pixels are C{value}; 8-bit 4:2:0 is read (ffmpeg -i IN -pix_fmt yuv420p OUT.y4m makes it).");
                break;
            case 'I' when value is not ("p" or "?"):
                throw new VideoFileException($"The Y4M file is interlaced (I{value}); progressive video is read (ffmpeg's filter yadif makes it).");
        }
    }

    private static int Side(string value) => Number(value) is > 0 and <= MaxSide and var side
        ? side
        : throw new VideoFileException($"The Y4M header's width or height '{value}' is not from 1 to {MaxSide}.");

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : -1;

    // Null at the end of the stream.
    private string? ReadLine()
    {
        for (var length = 0; length < MaxLine; length++)
        {
            var value = _stream.ReadByte();
            if (value < 0)
            {
                return length == 0 ? null : throw new VideoFileException("The Y4M file ends within a line: it is cut off.");
            }

            if (value == '\n')
            {
                return Encoding.ASCII.GetString(_line, 0, length);
            }

            _line[length] = (byte)value;
        }

        throw new VideoFileException($"A line of the Y4M file is longer than {MaxLine} bytes: it is no Y4M, or damaged.");
    }
}
