namespace ConsoleViewer;

internal static class CommandLine
{
    public const string Help = $"""
        Watches a stream from .NET and shows its figures; --snapshot saves a picture of it.

        Usage: ConsoleViewer --server URL [options]

        {ServerOptions.Help}
          --stream NAME       the stream's name, default (default)
          --pin PIN           what the camera asks viewers for; better in the variable P2PCAM_PIN

        What to do
          --seconds N         end N seconds after joining, 1 to 86400; without it, Ctrl+C ends
          --snapshot FILE     save the last picture as .png or .jpg; without --seconds, save the first one and end
          --loopback          a broadcaster on this machine may use localhost for the video
          --verbose           log what happens
          --help              this text

        Exit codes: 0 saw video, 1 saw none, 2 an option is wrong or a file cannot be written, 3 the server cannot be reached, 4 the server refused.
        """;

    private static readonly OptionTable<WatchOptions> Table = new OptionTable<WatchOptions>()
        .Server()
        .Value("--stream", (o, text) => o.Stream = OptionValues.StreamName(text))
        .Value("--pin", (o, text) => o.Pin = text)
        .Value("--seconds", (o, text) => o.Duration = TimeSpan.FromSeconds(OptionValues.Number("--seconds", text, 1, 86_400)))
        .Value("--snapshot", (o, text) => o.Snapshot = Snapshot.CheckPath(text))
        .Switch("--loopback", o => o.Loopback = true)
        .Switch("--verbose", o => o.Verbose = true)
        .Switch("--help", o => o.Help = true)
        .Switch("-h", o => o.Help = true);

    /// <exception cref="UsageException">An unknown option, a missing value, or one out of its range.</exception>
    public static WatchOptions Parse(string[] arguments) => Table.Parse(arguments, new WatchOptions());
}
