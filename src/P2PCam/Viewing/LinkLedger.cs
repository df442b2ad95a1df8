using P2PCam.WebRtc.Receiving;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.Viewing;

/// <summary>The links of a viewer: the current one, those that still say goodbye, and the sum of what the former ones saw.</summary>
internal sealed class LinkLedger
{
    private readonly Lock _gate = new();
    private readonly List<MediaLink> _links = [];
    private ReceiverCounters _past;
    private volatile MediaLink? _current;

    /// <summary>The newest; it may have ended.</summary>
    public MediaLink? Current => _current;

    public void Add(MediaLink link)
    {
        lock (_gate)
        {
            _links.Add(link);
            _current = link;
        }
    }

    public void OnEnded(MediaLink link, SessionStatistics last)
    {
        lock (_gate)
        {
            _links.Remove(link);
            _past = Sum(_past, last.Received);
        }
    }

    public (ReceiverCounters Received, SessionStatistics Current) GetStatistics()
    {
        ReceiverCounters sum;
        MediaLink[] links;
        lock (_gate)
        {
            (sum, links) = (_past, [.. _links]);
        }

        // Outside the lock: a link's figures wait for its loop, and that loop may be about to add a link.
        var current = default(SessionStatistics);
        foreach (var link in links)
        {
            var statistics = link.GetStatistics();
            sum = Sum(sum, statistics.Received);
            current = ReferenceEquals(link, _current) ? statistics : current;
        }

        return (sum, current);
    }

    public async Task AllEndedAsync()
    {
        MediaLink[] links;
        lock (_gate)
        {
            links = [.. _links];
        }

        await Task.WhenAll(links.Select(link => link.Ended));
    }

    private static ReceiverCounters Sum(in ReceiverCounters a, in ReceiverCounters b) => new()
    {
        Packets = a.Packets + b.Packets,
        Bytes = a.Bytes + b.Bytes,
        RtxPackets = a.RtxPackets + b.RtxPackets,
        Duplicates = a.Duplicates + b.Duplicates,
        Malformed = a.Malformed + b.Malformed,
        Frames = a.Frames + b.Frames,
        KeyFrames = a.KeyFrames + b.KeyFrames,
        FramesDropped = a.FramesDropped + b.FramesDropped,
        NacksSent = a.NacksSent + b.NacksSent,
        KeyFrameRequests = a.KeyFrameRequests + b.KeyFrameRequests,
        PacketsLost = a.PacketsLost + b.PacketsLost,
    };
}
