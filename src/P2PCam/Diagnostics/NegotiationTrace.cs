using System.Diagnostics;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.Diagnostics;

/// <summary>
/// The trace of one negotiation, seen from one side, from offer to connected or failed. Nothing is traced per frame. Without a listener there is no activity
/// and all methods do nothing.
/// </summary>
internal sealed class NegotiationTrace
{
    private static readonly ActivitySource Source = new(P2PCamTelemetry.ActivitySourceName, P2PCamTelemetry.Version);
    private readonly Activity? _activity;
    private int _ended;

    private NegotiationTrace(Activity? activity) => _activity = activity;

    /// <summary>Of a broadcaster that gets an offer.</summary>
    public static NegotiationTrace Answering(string stream, string transport, string viewer)
    {
        var trace = Start("p2pcam.negotiate", ActivityKind.Server, stream);
        trace._activity?.SetTag(TagNames.Transport, transport).SetTag(TagNames.Viewer, viewer);
        return trace;
    }

    /// <summary>Of a viewer that makes an offer.</summary>
    public static NegotiationTrace Offering(string stream) => Start("p2pcam.watch", ActivityKind.Client, stream);

    /// <summary>Notes what happened to the session.</summary>
    public void On(in PeerSessionEvent e)
    {
        switch (e.Kind)
        {
            case PeerSessionEventKind.PathFound:
                Add("ice.connected");
                break;
            case PeerSessionEventKind.KeysAgreed:
                Add("dtls.connected");
                break;
            case PeerSessionEventKind.Connected:
                Add("connected");
                End(ActivityStatusCode.Ok, null);
                break;
            case PeerSessionEventKind.Closed when FailureReasons.Of(e.Reason, wasConnected: false) is { } reason:
                Fail(reason, e.Detail ?? reason);
                break;
        }
    }

    public void Add(string step) => _activity?.AddEvent(new ActivityEvent(step));

    /// <summary>Ends it; without effect when it has ended.</summary>
    public void Fail(string reason, string description) => End(ActivityStatusCode.Error, description, reason);

    private static NegotiationTrace Start(string name, ActivityKind kind, string stream)
    {
        // The activity ends on another thread, much later: it must not become the parent of whatever happens here meanwhile.
        var surrounding = Activity.Current;
        var activity = Source.StartActivity(name, kind);
        Activity.Current = surrounding;
        activity?.SetTag(TagNames.Stream, stream).AddEvent(new ActivityEvent("offer"));
        return new NegotiationTrace(activity);
    }

    private void End(ActivityStatusCode status, string? description, string? reason = null)
    {
        if (_activity is { } activity && Interlocked.Exchange(ref _ended, 1) == 0)
        {
            activity.SetTag(TagNames.Error, reason).SetStatus(status, description);
            var surrounding = Activity.Current;
            activity.Stop();
            Activity.Current = surrounding;
        }
    }
}
