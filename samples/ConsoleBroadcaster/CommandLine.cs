namespace ConsoleBroadcaster;

internal static class CommandLine
{
    public const string Help = $"""
        Shows this machine's camera through a rendezvous server: it dials out, so it works behind a NAT or firewall.

        Usage: ConsoleBroadcaster --server URL [options]

        {ServerOptions.Help}
          --stream NAME       the stream's name, default (default)

        {PictureArguments.Help}

        Network
          --media-port N      UDP port for the video; any free one (default)
          --max-viewers N     how many may watch at once, 50 (default)
          --loopback          viewers on this machine may use localhost for the video

        Console
          --no-qr             no QR code
          --verbose           log what happens
          --help              this text

        Exit codes: 0 ended by Ctrl+C, 2 an option or this machine is the cause, 3 the server cannot be reached, 4 the server refused.
        """;

    private static readonly OptionTable<BroadcastOptions> Table = new OptionTable<BroadcastOptions>()
        .Server()
        .Picture()
        .Value("--stream", (o, text) => o.Stream = OptionValues.StreamName(text))
        .Value("--media-port", (o, text) => o.MediaPort = OptionValues.Whole("--media-port", text, 0, 65535))
        .Value("--max-viewers", (o, text) => o.MaxViewers = OptionValues.Whole("--max-viewers", text, 1, 10_000))
        .Switch("--loopback", o => o.Loopback = true)
        .Switch("--no-qr", o => o.NoQrCode = true)
        .Switch("--verbose", o => o.Verbose = true)
        .Switch("--help", o => o.Help = true)
        .Switch("-h", o => o.Help = true);

    /// <exception cref="UsageException">An unknown option, a missing value, or one out of its range.</exception>
    public static BroadcastOptions Parse(string[] arguments) => Table.Parse(arguments, new BroadcastOptions());
}
