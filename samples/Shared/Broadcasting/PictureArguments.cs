using P2PCam;

namespace Samples;

/// <summary>The options that say what is shown.</summary>
internal static class PictureArguments
{
    public const string Help = """
        Picture
          --source WHAT       auto (default): the first camera, else a test pattern
                              test | camera | camera:DEVICE | file:PATH
                              rtsp://... | http://... | srt://... | udp://... and what else FFmpeg opens
          --size WxH          1280x720 (default)
          --fps N             frames per second, 30 (default), at most
          --bitrate N         bits per second, 2M (default); 800k, 2.5M, ...
          --encoder WHAT      vp8 (default, our own) | h264 (FFmpeg, by the graphics card where it can)
          --pass-through      the H.264 or VP8 of a file or address as it is, not encoded anew
        """;

    public static OptionTable<T> Picture<T>(this OptionTable<T> table)
        where T : PictureOptions => table
        .Value("--source", (o, text) => o.Source = SourceChoice.Parse(text))
        .Value("--size", (o, text) => (o.Width, o.Height) = OptionValues.Size(text))
        .Value("--fps", (o, text) => o.FrameRate = OptionValues.Number("--fps", text, VideoLimits.LowestFrameRate, VideoLimits.HighestFrameRate))
        .Value("--bitrate", (o, text) => o.Bitrate = OptionValues.Bitrate(text))
        .Value("--encoder", (o, text) => o.UseH264 = text switch
        {
            "h264" => true,
            "vp8" => false,
            _ => throw new UsageException($"--encoder takes vp8 or h264, not '{text}'."),
        })
        .Switch("--pass-through", o => o.PassThrough = true);
}
