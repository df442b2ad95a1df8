using VideoTool.Commands;

namespace VideoTool;

/// <summary>The command line: a command, its files, its options.</summary>
internal static class CommandLine
{
    public const string Help = """
        Encodes and decodes VP8 with P2PCam's own codec, and measures and describes what comes out.

        Usage: VideoTool COMMAND FILES [options]

        Commands
          encode IN OUT         pictures to VP8: IN.y4m (or '-', from a pipe) to OUT.ivf or OUT.webm
          decode IN OUT         VP8 to pictures: IN.ivf or IN.webm to OUT.y4m (or '-', to a pipe)
          psnr A B              how far B is from A, in dB: .y4m, .ivf or .webm each
          ssim A B              how alike they look, 0 to 1 (Wang et al. 2004, windows of 8x8)
          info FILE             container, codec, size, rates, key frames, quantizers, a chart of frame sizes

        encode
          --bitrate N           bits per second, 1500k (default), 2.5M, ...
          --buffer MS           how far the stream may run ahead of that, 100 to 10000 ms; 150 unless set; 1000 for shared screens, which then are sharp at once
          --fps N               frames per second; the file's own unless set
          --frames N            encode the first N pictures only
          --min-q N, --max-q N  finest and coarsest quantizer, 0 to 127; 4 and 112 unless set
          --keyframe-every N    a key frame at least each N frames; only the first unless set
          --threads N           threads that encode, 1 (default) to 16; the file is the same
          --partitions N        1 (default), 2, 4 or 8 token partitions, which a decoder may read side by side
          --layers N            1 (default), 2 or 3 temporal layers: a half or a quarter of the frames can be shown alone
          --no-drop             never leave a frame out, even where the bit rate is exceeded
          --no-resilience       code with probabilities of the frame before: smaller, but a lost frame spoils the next ones
          --stats FILE          a line of CSV for each frame: number, time, bytes, key, dropped, quantizer
        decode
          --frames N            decode the first N pictures only
        psnr, ssim
          --csv FILE            a line of CSV for each frame
        --quiet                 no progress
        --help                  this text

        Examples
          VideoTool encode camera.y4m camera.webm --bitrate 800k
          ffmpeg -i holiday.mp4 -pix_fmt yuv420p -f yuv4mpegpipe - | VideoTool encode - holiday.webm
          VideoTool psnr camera.y4m camera.webm --csv psnr.csv
          VideoTool decode camera.webm - | ffplay -

        Progress goes to standard error: one line that is redrawn in a terminal, a line each five seconds elsewhere.
        Exit codes: 0 done, 1 a file is damaged or not of a kind that is read, 2 an option or a path is wrong, 3 ended by Ctrl+C (what is written is a whole file).
        """;

    private const int LargestCount = 1_000_000_000;

    private static readonly string[] Names = ["encode", "decode", "psnr", "ssim", "info"];

    /// <summary>What to do; null for help.</summary>
    /// <exception cref="UsageException">An unknown command or option, a missing file or value, or one out of its range.</exception>
    public static ICommand? Parse(string[] arguments)
    {
        if (arguments.Length == 0 || arguments.Any(argument => argument is "--help" or "-h" or "help"))
        {
            return null;
        }

        var files = arguments.Skip(1).TakeWhile(IsFile).ToArray();
        var options = arguments.Skip(1 + files.Length).ToArray();
        return arguments[0] switch
        {
            "encode" => EncodeOptions.Parse(Two(files, "encode", "IN.y4m", "OUT.webm"), options),
            "decode" => DecodeOptions.Parse(Two(files, "decode", "IN.webm", "OUT.y4m"), options),
            "psnr" => MeasureOptions.Parse(Two(files, "psnr", "A.y4m", "B.webm"), options, isSimilarity: false),
            "ssim" => MeasureOptions.Parse(Two(files, "ssim", "A.y4m", "B.webm"), options, isSimilarity: true),
            "info" when files.Length == 1 => InfoCommand.Parse(files[0], options),
            "info" => throw new UsageException($"info takes one file, as in: VideoTool info FILE. {files.Length} were given."),
            var other => throw new UsageException($"There is no command '{other}'. It is one of {string.Join(", ", Names)}; --help says what they do."),
        };
    }

    public static int ShowHelp()
    {
        Console.WriteLine(Help);
        return ExitCode.Done;
    }

    /// <summary>A count of frames.</summary>
    public static int Count(string name, string text) => OptionValues.Whole(name, text, 1, LargestCount);

    private static bool IsFile(string argument) => argument == Containers.VideoFiles.Pipe || !argument.StartsWith('-');

    private static (string, string) Two(string[] files, string command, string first, string second) => files.Length == 2
        ? (files[0], files[1])
        : throw new UsageException($"{command} takes two files before its options, as in: VideoTool {command} {first} {second}. {files.Length} {(files.Length == 1 ? "was" : "were")} given.");
}
