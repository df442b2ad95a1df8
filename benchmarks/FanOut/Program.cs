using P2PCam.FanOut;

// FanOut [--max] [--port 9000]: the product's send path as a sender for the side-by-side harness; see docs/benchmarks/README.md.
var unpaced = args.Contains("--max") || args.Contains("-max");
var portAt = Array.IndexOf(args, "--port");
var port = portAt >= 0 ? int.Parse(args[portAt + 1]) : 9000;

await using var viewers = new Viewers();
using var frames = new FrameSource(viewers, unpaced);
using var front = new HttpFront(port, viewers, frames);
Console.WriteLine($"Listening on 127.0.0.1:{port}, {(unpaced ? "unpaced from GET /start on" : $"{FrameSource.FramesPerSecond} frames/s")}; end with Ctrl+C.");
await front.RunAsync();
