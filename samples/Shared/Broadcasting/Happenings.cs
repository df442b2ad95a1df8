using System.Collections.Concurrent;
using System.Diagnostics;
using P2PCam;

namespace Samples;

/// <summary>One line for each viewer that comes or goes, and when the camera fails or is back.</summary>
internal static class Happenings
{
    private static readonly Lock Gate = new();
    private static readonly ConcurrentDictionary<string, long> Joined = new();

    public static void Follow(IBroadcaster broadcaster)
    {
        broadcaster.ViewerJoined += (_, e) => Joined[e.Viewer.Id] = Stopwatch.GetTimestamp();
        broadcaster.ViewerJoined += (_, e) => Write(Paint.Good("+"), $"{Name(e.Viewer)}   {Watching(broadcaster)}");
        broadcaster.ViewerLeft += (_, e) => Write(Paint.Bad("-"), $"{Name(e.Viewer)}   ({e.Viewer.LeaveReason ?? "left"}), watched {Duration(e.Viewer)}   {Watching(broadcaster)}");
        broadcaster.StateChanged += (_, e) =>
        {
            if (e.Current == BroadcasterState.SourceUnavailable)
            {
                Write(Paint.Bad("!"), $"no picture: {e.Reason ?? "the source yields nothing"}");
            }
            else if (e is { Current: BroadcasterState.Live, Previous: BroadcasterState.SourceUnavailable })
            {
                Write(Paint.Good("!"), "the picture is back");
            }
            else if (e is { Current: BroadcasterState.Idle, Previous: BroadcasterState.Live or BroadcasterState.SourceUnavailable })
            {
                Write(Paint.Soft("!"), "nobody watches: the camera is off");
            }
        };
    }

    // The id links the two lines: a viewer's address may change while it watches.
    private static string Name(ViewerInfo viewer) => $"{viewer.Id[..6]}  {viewer.RemoteAddress}";

    private static string Watching(IBroadcaster broadcaster) =>
        Paint.Soft($"{broadcaster.Viewers.Count(viewer => viewer.State is ViewerConnectionState.Connected or ViewerConnectionState.Disconnected)} watching");

    private static string Duration(ViewerInfo viewer)
    {
        // Not by the time of day: a clock may be set while somebody watches.
        var time = Joined.TryRemove(viewer.Id, out var start) ? Stopwatch.GetElapsedTime(start) : TimeSpan.Zero;
        return Elapsed.Text(time);
    }

    public static void Write(string mark, string text)
    {
        lock (Gate)
        {
            Console.WriteLine($"{mark} {Paint.Soft(DateTime.Now.ToString("HH:mm:ss"))} {text}");
        }
    }
}
