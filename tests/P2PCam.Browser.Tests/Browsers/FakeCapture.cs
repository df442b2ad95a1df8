namespace P2PCam.Browser.Tests.Browsers;

/// <summary>
/// What a browser's camera is to see: a file of raw pictures in one colour, with a white bar that walks from left to right. Chromium plays it in a loop by
/// <c>--use-file-for-fake-video-capture</c>. The format is YUV4MPEG2: a line of text, then for each picture the line FRAME and the planes Y, U, V.
/// </summary>
internal sealed class FakeCapture : IDisposable
{
    private const int Width = 640;
    private const int Height = 360;
    private const int Frames = 40;
    private const int BarWidth = Width / Frames;
    private const byte White = 235;
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"p2pcam-capture-{Guid.NewGuid():N}.y4m");

    /// <param name="y">Luma of the ground, BT.601 video range.</param>
    /// <param name="u">Blue difference.</param>
    /// <param name="v">Red difference.</param>
    /// <param name="noise">How much the luma of each pixel strays at most, anew in each picture; noise is dear to encode, as real footage is.</param>
    public FakeCapture(byte y, byte u, byte v, int noise = 0)
    {
        var random = new Random(1);
        using var file = File.Create(_file);
        file.Write("YUV4MPEG2 W640 H360 F20:1 Ip A1:1 C420jpeg\n"u8);
        var (luma, chroma) = (new byte[Width * Height], new byte[Width / 2 * (Height / 2)]);
        for (var frame = 0; frame < Frames; frame++)
        {
            file.Write("FRAME\n"u8);
            for (var i = 0; i < luma.Length; i++)
            {
                luma[i] = (byte)(y + random.Next(-noise, noise + 1));
            }

            for (var row = 0; row < Height / 4; row++)
            {
                luma.AsSpan((row * Width) + (frame * BarWidth), BarWidth).Fill(White);
            }

            file.Write(luma);
            Array.Fill(chroma, u);
            file.Write(chroma);
            Array.Fill(chroma, v);
            file.Write(chroma);
        }
    }

    /// <summary>What makes Chromium use it, without asking anybody.</summary>
    public string[] Arguments => ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", $"--use-file-for-fake-video-capture={_file}"];

    public void Dispose() => File.Delete(_file);
}
