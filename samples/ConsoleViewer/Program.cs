using System.Text;
using ConsoleViewer;
using ConsoleViewer.Output;
using P2PCam;

const int SawVideo = 0;
const int SawNone = 1;

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
    using var interrupt = new Interrupt();
    using var logging = LoggerFactory.Create(logging => logging.BeQuiet(options.Verbose));
    await using var viewer = Viewer.Create(
        options.CreateTransport(server),
        new ViewerOptions { Stream = options.Stream, OutputFormat = options.Snapshot is null ? PixelFormat.I420 : PixelFormat.Bgra32, IncludeLoopback = options.Loopback },
        loggerFactory: options.Verbose ? logging : null);
    using var frames = new FrameReader(viewer);
    await using var screen = new LiveScreen(viewer);

    Console.WriteLine($"{Paint.Bold($"P2PCam {typeof(IViewer).Assembly.GetName().Version?.ToString(3)}")}   stream \"{options.Stream}\" from {server.Endpoint}   {Paint.Soft("Ctrl+C ends")}");
    var reading = frames.RunAsync(interrupt.Token);
    screen.Start();
    try
    {
        await viewer.ConnectAsync(interrupt.Token);
        await (await Task.WhenAny(reading, WaitUntilEnoughAsync(options, frames, interrupt.Token)));
    }
    catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
    {
        // Ctrl+C: what was seen so far counts.
    }

    await screen.DisposeAsync();
    using var picture = frames.Newest();
    if (picture is not null && options.Snapshot is { } path)
    {
        Snapshot.Save(picture, path);
        Console.WriteLine($"{Paint.Bold("Snapshot")}   {picture.Width}x{picture.Height}   {path}");
    }

    await viewer.DisconnectAsync();
    await reading;
    Console.WriteLine(picture is null ? "No video was seen." : "Goodbye.");
    return picture is null ? SawNone : SawVideo;
}
catch (Exception e) when (ServerFailure.Explain(e) is var (exitCode, words))
{
    Console.Error.WriteLine($"ConsoleViewer: {words}");
    return exitCode;
}
catch (P2PException e)
{
    // Joined, and yet no picture came.
    Console.Error.WriteLine($"ConsoleViewer: {e.Message}");
    return SawNone;
}

static Task WaitUntilEnoughAsync(WatchOptions options, FrameReader frames, CancellationToken cancellationToken) => options switch
{
    { Duration: { } duration } => Task.Delay(duration, cancellationToken),
    { Snapshot: not null } => frames.First.WaitAsync(cancellationToken),
    _ => Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken),
};
