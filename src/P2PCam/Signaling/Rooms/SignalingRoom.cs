namespace P2PCam;

/// <summary>
/// The participants of one stream and who may say what to whom: viewers reach the broadcaster only, the broadcaster reaches the viewer it
/// names, or all of them with what concerns all; callers reach each other. Called under the owner's lock.
/// </summary>
internal sealed class SignalingRoom
{
    private static readonly CameraStateMessage NobodyHeard = new(CameraState.Offline) { Unheard = true };
    private readonly Dictionary<string, RoomParticipant> _viewers = new(StringComparer.Ordinal);

    private readonly CallerPair _callers = new();

    public RoomParticipant? Broadcaster { get; private set; }

    public bool IsEmpty => Broadcaster is null && _viewers.Count == 0 && _callers.IsEmpty;

    /// <summary>Lets somebody in, and returns whoever had to give way for that, if anybody had to.</summary>
    /// <exception cref="SignalingException">There is no place.</exception>
    public RoomParticipant? Add(RoomParticipant participant)
    {
        if (participant.Role == SignalingRole.Caller)
        {
            return _callers.Add(participant);
        }

        if (participant.Role == SignalingRole.Broadcaster)
        {
            if (Broadcaster is { IsAttached: true })
            {
                throw new SignalingException("P2P2003", $"The stream '{participant.Stream}' has a broadcaster already; stop that one first or choose another stream name.");
            }

            // One that lost its connection gives way: it is most likely the same program, started again.
            var before = Broadcaster;
            before?.End(null);
            Broadcaster = participant;
            foreach (var viewer in _viewers.Values)
            {
                if (before is not null)
                {
                    viewer.Deliver(NobodyHeard);
                }

                participant.Deliver(new PeerJoinedMessage(viewer.TransportName) { Peer = viewer.Id });
            }

            return before;
        }

        _viewers.Add(participant.Id, participant);
        if (Broadcaster is null)
        {
            // It has sent nothing yet. What it sends next may well be heard, by a broadcaster that comes in between.
            participant.Deliver(new CameraStateMessage(CameraState.Offline));
        }
        else
        {
            Broadcaster.Deliver(new PeerJoinedMessage(participant.TransportName) { Peer = participant.Id });
        }

        return null;
    }

    /// <summary>Takes somebody out and tells the others; false if it was not in here.</summary>
    public bool Remove(RoomParticipant participant)
    {
        if (participant.Role == SignalingRole.Caller)
        {
            return _callers.Remove(participant);
        }

        if (ReferenceEquals(Broadcaster, participant))
        {
            Broadcaster = null;
            foreach (var viewer in _viewers.Values)
            {
                viewer.Deliver(NobodyHeard);
            }

            return true;
        }

        if (!_viewers.Remove(participant.Id))
        {
            return false;
        }

        Broadcaster?.Deliver(new PeerLeftMessage { Peer = participant.Id });
        return true;
    }

    public void Route(RoomParticipant sender, SignalingMessage message)
    {
        if (sender.Role == SignalingRole.Caller)
        {
            _callers.Route(sender, message);
        }
        else if (ReferenceEquals(sender, Broadcaster))
        {
            RouteFromBroadcaster(sender, message);
        }
        else if (message is OfferMessage or CandidateMessage or EndOfCandidatesMessage or RestartMessage or ByeMessage)
        {
            RouteFromViewer(sender, message);
        }
        else if (message is not ErrorMessage)
        {
            // An error is not answered by another: two sides could go on like that for ever.
            sender.Deliver(new ErrorMessage("P2P2005", $"A viewer may not send '{message.GetType().Name}'."));
        }
    }

    private void RouteFromViewer(RoomParticipant sender, SignalingMessage message)
    {
        if (Broadcaster is null)
        {
            sender.Deliver(NobodyHeard);
            return;
        }

        Broadcaster.Deliver(message with { Peer = sender.Id });
    }

    private void RouteFromBroadcaster(RoomParticipant sender, SignalingMessage message)
    {
        if (message.Peer is not null)
        {
            // A viewer that has just left is no error of the broadcaster's: it will read the peer-left message next.
            if (_viewers.TryGetValue(message.Peer, out var viewer))
            {
                viewer.Deliver(message with { Peer = null });
            }
        }
        else if (message is CameraStateMessage or ByeMessage)
        {
            foreach (var viewer in _viewers.Values)
            {
                viewer.Deliver(message);
            }
        }
        else
        {
            sender.Deliver(new ErrorMessage("P2P2006", $"'{message.GetType().Name}' needs the peer that it is for."));
        }
    }
}
