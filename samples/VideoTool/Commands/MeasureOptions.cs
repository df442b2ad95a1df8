namespace VideoTool.Commands;

/// <summary>What to compare with what.</summary>
internal sealed record MeasureOptions(string First, string Second)
{
    private static readonly OptionTable<MeasureOptions> Table = new OptionTable<MeasureOptions>()
        .Value("--csv", (o, text) => o.Csv = text)
        .Switch("--quiet", o => o.IsQuiet = true);

    /// <summary>Where to put a line for each frame; null for nowhere.</summary>
    public string? Csv { get; set; }

    public bool IsQuiet { get; set; }

    public static ICommand Parse((string First, string Second) files, string[] arguments, bool isSimilarity)
    {
        var options = Table.Parse(arguments, new MeasureOptions(files.First, files.Second));
        return isSimilarity ? new SsimCommand(options) : new PsnrCommand(options);
    }
}
