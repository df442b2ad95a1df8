namespace P2PCam;

/// <summary>
/// The two callers of a stream, at most: what one says goes to the other and to nobody else, and each hears of the other's coming and going. The
/// one who was there first hears of the second, and begins. Called under the owner's lock.
/// </summary>
internal sealed class CallerPair
{
    private const int Most = 2;
    private readonly List<InMemoryParticipant> _callers = new(Most);

    public bool IsEmpty => _callers.Count == 0;

    /// <exception cref="SignalingException">Two are here already (P2P2012).</exception>
    public void Add(InMemoryParticipant caller)
    {
        if (_callers.Count == Most)
        {
            throw new SignalingException("P2P2012", $"Two are in the call '{caller.Join.Stream}' already, and it is for two. Wait until one of them leaves, or meet under another name.");
        }

        _callers.Add(caller);
        caller.Deliver(new WelcomeMessage(caller.Id));
        OtherOf(caller)?.Deliver(new PeerJoinedMessage(caller.TransportName) { Peer = caller.Id });
    }

    /// <summary>Takes a caller out and tells the other; false if it was not in here.</summary>
    public bool Remove(InMemoryParticipant caller)
    {
        var other = OtherOf(caller);
        if (!_callers.Remove(caller))
        {
            return false;
        }

        other?.Deliver(new PeerLeftMessage { Peer = caller.Id });
        return true;
    }

    public void Route(InMemoryParticipant caller, SignalingMessage message)
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

    private InMemoryParticipant? OtherOf(InMemoryParticipant caller) => _callers.Find(other => !ReferenceEquals(other, caller));
}
