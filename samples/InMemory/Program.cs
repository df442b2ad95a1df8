using P2PCam;

// Both ends in one program: a test pattern is broadcast, and a viewer in the same process watches it for three seconds.
// Signaling goes through memory; the video goes through real sockets, encrypted, as it would between two machines.
using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
var signaling = new InMemorySignaling();
await using var camera = Broadcaster.Create(
    new TestPatternSource(640, 360), signaling.CreateTransport(), new BroadcasterOptions { MediaPort = 0, IncludeLoopback = true });
await using var viewer = Viewer.Create(signaling.CreateTransport(), new ViewerOptions { IncludeLoopback = true });
camera.ViewerJoined += (_, e) => Console.WriteLine($"camera: {e.Viewer.RemoteAddress} is watching");

Console.WriteLine("Both ends of a call, in one program. It ends by itself.");
await camera.StartAsync(limit.Token);
await viewer.ConnectAsync(limit.Token);

TimeSpan? first = null;
var pictures = 0;
await foreach (var frame in viewer.ReadFramesAsync(limit.Token))
{
    using (frame)
    {
        first ??= frame.Timestamp;
        pictures++;
        if (pictures % 30 == 1)
        {
            Console.WriteLine($"viewer: picture {pictures}, {frame.Width}x{frame.Height}, {frame.GetPlane(0).ToArray().Average(luma => luma):0} mean brightness");
        }

        if (frame.Timestamp - first >= TimeSpan.FromSeconds(3))
        {
            break;
        }
    }
}

Console.WriteLine($"Seen: {pictures} pictures.");
