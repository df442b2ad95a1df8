using System.Text;
using ConsoleBroadcaster;
using ConsoleBroadcaster.Output;
using P2PCam;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
try
{
    var options = CommandLine.Parse(args);
    if (options.Help)
    {
        Console.WriteLine(CommandLine.Help);
        return 0;
    }

    var server = ServerAddress.Parse(options.Server, options.Transport);
    var builder = Host.CreateApplicationBuilder();
    builder.Logging.BeQuiet(options.Verbose);
    builder.Logging.AddSignalingLines(options.Verbose);
    builder.Services.AddP2PBroadcaster(options.Stream, broadcaster =>
    {
        broadcaster.MediaPort = options.MediaPort;
        broadcaster.Bitrate = options.Bitrate;
        broadcaster.MaxViewers = options.MaxViewers ?? broadcaster.MaxViewers;
        broadcaster.IncludeLoopback = options.Loopback;
        broadcaster.FailFast = true;
    }).UseSource(options).UseSignaling(_ => options.CreateTransport(server));

    using var host = builder.Build();
    var broadcaster = host.Services.GetRequiredKeyedService<IBroadcaster>(options.Stream);
    Happenings.Follow(broadcaster);
    Console.WriteLine($"Dialling {server.Endpoint} ...");
    await host.StartAsync();
    Banner.Print(options, server, broadcaster);
    await host.WaitForShutdownAsync();
    Console.WriteLine("Goodbye.");
    return 0;
}
catch (Exception e) when (Failure.Explain(e) is var (exitCode, words))
{
    Console.Error.WriteLine($"ConsoleBroadcaster: {words}");
    return exitCode;
}
