namespace BrowserCall;

internal static class CommandLine
{
    public const string Help = """
        Serves a page on which two browsers see and hear each other; this program only introduces them.

        Usage: BrowserCall [options]

          --port N            TCP port, 3200 (default)
          --allow-host NAME   a host name besides this machine's own; repeatable
          --data-dir DIR      where the local certificate authority is kept
          --no-qr             no QR code
          --verbose           log what happens
          --help              this text

        Exit codes: 0 ended by Ctrl+C, 2 cannot start. Ctrl+C ends it.
        """;

    private static readonly OptionTable<CallOptions> Table = new OptionTable<CallOptions>()
        .Value("--port", (o, text) => o.Port = OptionValues.Whole("--port", text, 0, 65535))
        .Value("--allow-host", (o, text) => o.AllowedHosts.Add(text))
        .Value("--data-dir", (o, text) => o.DataDirectory = Path.GetFullPath(text))
        .Switch("--no-qr", o => o.NoQrCode = true)
        .Switch("--verbose", o => o.Verbose = true)
        .Switch("--help", o => o.Help = true)
        .Switch("-h", o => o.Help = true);

    /// <exception cref="UsageException">An unknown option, a missing value, or one out of its range.</exception>
    public static CallOptions Parse(string[] arguments) => Table.Parse(arguments, new CallOptions());
}
