using P2PCam.WebRtc.Sessions;

namespace P2PCam.Diagnostics;

/// <summary>
/// One viewer's way from offer to farewell, as metrics and trace tell it. Steps are noted as they come; what grows per frame and packet is read from
/// the session's own counters once a second and when it ends, so that sending a frame costs nothing here.
/// </summary>
internal sealed class ViewerJourney
{
    private readonly StreamMetrics _metrics;
    private readonly NegotiationTrace _trace;
    private readonly KeyValuePair<string, object?> _transport;
    private readonly TimeSpan _offered;
    private PeerSession? _session;
    private SessionStatistics _told;
    private bool _connected;

    private ViewerJourney(StreamMetrics metrics, string viewer, string transport, TimeSpan now)
    {
        (_metrics, _offered) = (metrics, now);
        _transport = new(TagNames.Transport, transport);
        _trace = NegotiationTrace.Answering(metrics.Stream, transport, viewer);
    }

    /// <summary>Begins when an offer comes.</summary>
    public static ViewerJourney Begin(StreamMetrics metrics, string viewer, string transport, TimeSpan now) => new(metrics, viewer, transport, now);

    public void Answered(PeerSession session)
    {
        _session = session;
        _trace.Add("answer");
    }

    /// <summary>Ends before there was a session.</summary>
    public void Refused(string reason, string description)
    {
        CountFailure(reason);
        _trace.Fail(reason, description);
    }

    /// <summary>Notes what happened to the session; on its loop.</summary>
    public void On(in PeerSessionEvent e, TimeSpan now)
    {
        _trace.On(e);
        switch (e.Kind)
        {
            case PeerSessionEventKind.Connected:
                _connected = true;
                _metrics.Watch(this);
                _metrics.Instruments.Joins.Add(1, _metrics.Tag, _transport);
                _metrics.Instruments.ConnectDuration.Record((now - _offered).TotalSeconds, _metrics.Tag);
                break;
            case PeerSessionEventKind.FirstFrameSent:
                _metrics.Instruments.TimeToFirstFrame.Record((now - _offered).TotalSeconds, _metrics.Tag);
                break;
            case PeerSessionEventKind.Closed:
                OnClosed(e);
                break;
        }
    }

    /// <summary>Tells what was sent since the last time; on the session's loop.</summary>
    public void Sample()
    {
        var instruments = _metrics.Instruments;
        var now = Count();
        if (now.RoundTripTime is { } roundTripTime)
        {
            instruments.RoundTripTime.Record(roundTripTime.TotalSeconds, _metrics.Tag);
        }

        instruments.PacketLoss.Record(now.LossRate, _metrics.Tag);
    }

    private void OnClosed(in PeerSessionEvent e)
    {
        _metrics.Unwatch(this);
        Count();
        if (FailureReasons.Of(e.Reason, _connected) is { } reason)
        {
            CountFailure(reason);
        }
    }

    private SessionStatistics Count()
    {
        var (now, before, tag, instruments) = (_session?.GetStatistics() ?? default, _told, _metrics.Tag, _metrics.Instruments);
        _told = now;
        instruments.FramesSent.Add(now.FramesSent - before.FramesSent, tag);
        instruments.PacketsSent.Add(now.PacketsSent - before.PacketsSent, tag);
        instruments.PacketsResent.Add(now.PacketsResent - before.PacketsResent, tag);
        instruments.BytesSent.Add(now.BytesSent - before.BytesSent, tag);
        instruments.KeyFrameRequests.Add(now.KeyFrameRequests - before.KeyFrameRequests, tag);
        if (now.FramesDropped > before.FramesDropped)
        {
            _metrics.FramesDropped(DropReasons.ViewerBehind, now.FramesDropped - before.FramesDropped);
        }

        return now;
    }

    private void CountFailure(string reason) => _metrics.Instruments.Failures.Add(1, _metrics.Tag, new(TagNames.Error, reason));
}
