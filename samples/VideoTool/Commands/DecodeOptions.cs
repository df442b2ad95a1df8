using VideoTool.Containers;

namespace VideoTool.Commands;

/// <summary>What to decode.</summary>
internal sealed record DecodeOptions(string Input, string Output)
{
    private static readonly OptionTable<DecodeOptions> Table = new OptionTable<DecodeOptions>()
        .Value("--frames", (o, text) => o.Frames = CommandLine.Count("--frames", text))
        .Switch("--quiet", o => o.IsQuiet = true);

    public long? Frames { get; set; }

    public bool IsQuiet { get; set; }

    public static ICommand Parse((string Input, string Output) files, string[] arguments)
    {
        var options = Table.Parse(arguments, new DecodeOptions(files.Input, files.Output));
        VideoFiles.CheckDifferent(options.Input, options.Output);
        return VideoFiles.IsY4m(options.Input)
            ? throw new UsageException($"'{options.Input}' is not compressed, so that there is nothing to decode; IVF or WebM is.")
            : new DecodeCommand(options);
    }
}
