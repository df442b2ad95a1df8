using System.Diagnostics;

namespace P2PCam.Diagnostics;

/// <summary>
/// The trace of one viewer's negotiation, from offer to connected or failed. Nothing is traced per frame. Without a listener there is no activity
/// and all methods do nothing.
/// </summary>
internal sealed class NegotiationTrace
{
    private static readonly ActivitySource Source = new(P2PCamTelemetry.ActivitySourceName, P2PCamTelemetry.Version);
    private readonly Activity? _activity;

    private NegotiationTrace(Activity? activity) => _activity = activity;

    public static NegotiationTrace Start(string stream, string transport, string viewer)
    {
        // The activity ends on another thread, much later: it must not become the parent of whatever happens here meanwhile.
        var surrounding = Activity.Current;
        var activity = Source.StartActivity("p2pcam.negotiate", ActivityKind.Server);
        Activity.Current = surrounding;
        activity?.SetTag(TagNames.Stream, stream).SetTag(TagNames.Transport, transport).SetTag(TagNames.Viewer, viewer);
        return new NegotiationTrace(activity);
    }

    public void Add(string step) => _activity?.AddEvent(new ActivityEvent(step));

    public void Succeed() => End(ActivityStatusCode.Ok, null);

    public void Fail(string reason, string description)
    {
        _activity?.SetTag(TagNames.Error, reason);
        End(ActivityStatusCode.Error, description);
    }

    private void End(ActivityStatusCode status, string? description)
    {
        if (_activity is { IsStopped: false } activity)
        {
            activity.SetStatus(status, description);
            var surrounding = Activity.Current;
            activity.Stop();
            Activity.Current = surrounding;
        }
    }
}
