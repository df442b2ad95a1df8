using P2PCam.WebRtc.Stun;

namespace P2PCam.WebRtc.Ice;

/// <summary>One request of ours that may still be answered.</summary>
internal struct IceTransaction
{
    public StunTransactionId Id;
    public TimeSpan FirstSentAt;

    /// <summary>0: free, or answered already. A response is taken once, so a replayed one renews nothing.</summary>
    public int Transmissions;

    public bool UseCandidate;

    /// <summary>Our role when it was sent; a 487 that refers to an older role changes nothing.</summary>
    public IceRole Role;
}
