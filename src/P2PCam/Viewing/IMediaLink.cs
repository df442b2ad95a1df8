namespace P2PCam.Viewing;

/// <summary>One attempt at media: an offer, and once it is answered the session. Members may be called from any thread.</summary>
internal interface IMediaLink
{
    /// <summary>The SDP to send.</summary>
    string Offer { get; }

    /// <summary>Whether an answer is to an offer other than this one.</summary>
    bool IsForAnotherOffer(string answer);

    /// <summary>Takes the answer; on failure <paramref name="error"/> says in words why it is of no use.</summary>
    bool TryAccept(string answer, out string error);

    void AddCandidate(string candidate);

    void SetEndOfCandidates();

    /// <summary>Ends it without waiting; nothing is heard of it afterwards that matters.</summary>
    void Release();
}
