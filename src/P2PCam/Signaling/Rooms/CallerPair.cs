namespace P2PCam;

/// <summary>
/// The two callers of a stream, at most: what one says goes to the other and to nobody else, and each hears of the other's coming and going. The
/// one who was there first hears of the second, and begins. Called under the owner's lock.
/// </summary>
internal sealed class CallerPair
{
    private const int Most = 2;
    private readonly List<RoomParticipant> _callers = new(Most);

    public bool IsEmpty => _callers.Count == 0;

    /// <summary>Lets a caller in. One that lost its connection gives way, and is returned: it is most likely the same page, loaded again.</summary>
    /// <exception cref="SignalingException">Two are here already (P2P2012).</exception>
    public RoomParticipant? Add(RoomParticipant caller)
    {
        RoomParticipant? gone = null;
        if (_callers.Count == Most)
        {
            gone = _callers.Find(other => !other.IsAttached)
                ?? throw new SignalingException("P2P2012", $"Two are in the call '{caller.Stream}' already, and it is for two. Wait until one of them leaves, or meet under another name.");
            gone.End(null);
            Remove(gone);
        }

        OtherOf(caller)?.Deliver(new PeerJoinedMessage(caller.TransportName) { Peer = caller.Id });
        _callers.Add(caller);
        return gone;
    }

    /// <summary>Takes a caller out and tells the other; false if it was not in here.</summary>
    public bool Remove(RoomParticipant caller)
    {
        if (!_callers.Remove(caller))
        {
            return false;
        }

        OtherOf(caller)?.Deliver(new PeerLeftMessage { Peer = caller.Id });
        return true;
    }

    public void Route(RoomParticipant caller, SignalingMessage message)
    {
        if (message is OfferMessage or AnswerMessage or CandidateMessage or EndOfCandidatesMessage or ByeMessage)
        {
            // Alone, there is nobody to hear it: whoever comes next begins anew.
            OtherOf(caller)?.Deliver(message with { Peer = null });
        }
        else if (message is not ErrorMessage)
        {
            caller.Deliver(new ErrorMessage("P2P2005", $"A caller may not send '{message.GetType().Name}'."));
        }
    }

    private RoomParticipant? OtherOf(RoomParticipant caller) => _callers.Find(other => !ReferenceEquals(other, caller));
}
