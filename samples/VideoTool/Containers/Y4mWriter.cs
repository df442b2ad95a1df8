using System.Text;
using P2PCam;

namespace VideoTool.Containers;

/// <summary>Writes YUV4MPEG2 in 4:2:0; see <see cref="Y4mReader"/> for the layout.</summary>
internal sealed class Y4mWriter : IDisposable
{
    private readonly Stream _stream;

    public Y4mWriter(Stream stream, int width, int height, Rational frameRate)
    {
        _stream = stream;
        _stream.Write(Encoding.ASCII.GetBytes(FormattableString.Invariant(
            $"{Y4mReader.Magic} W{width} H{height} F{frameRate.Numerator}:{frameRate.Denominator} Ip A1:1 C420jpeg\n")));
    }

    public void Write(VideoFrame picture)
    {
        _stream.Write("FRAME\n"u8);
        for (var plane = 0; plane < 3; plane++)
        {
            _stream.Write(picture.GetPlane(plane));
        }
    }

    public void Dispose() => _stream.Dispose();
}
