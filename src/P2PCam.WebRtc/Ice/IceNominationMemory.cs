namespace P2PCam.WebRtc.Ice;

/// <summary>
/// What the controlled side remembers of USE-CANDIDATE on one pair. RFC 8445 has one nomination per session. Browsers nominate again
/// when they move to another pair, and those of the RFC 5245 kind put the flag on every check of every pair. Hence:
/// a better pair is taken at once; a worse one only when the peer visibly changed its mind.
/// </summary>
internal sealed class IceNominationMemory
{
    // Losing one check of the selected pair must not look like a change of mind.
    private const int ChecksThatInsist = 3;

    private bool _lastCheckWasPlain;
    private int _sinceSelected;

    /// <summary>Nominated before our own check succeeded; due when it does.</summary>
    public bool Pending { get; set; }

    /// <summary>
    /// The peer prefers this pair whatever the priorities say: it checked without the flag before, or flags only this pair.
    /// </summary>
    public bool Insists { get; private set; }

    public void OnPlainCheck() => _lastCheckWasPlain = true;

    public void OnUseCandidate()
    {
        Insists |= _lastCheckWasPlain || ++_sinceSelected >= ChecksThatInsist;
        _lastCheckWasPlain = false;
    }

    /// <summary>The selected pair was nominated again: what other pairs gathered no longer counts.</summary>
    public void OnSelectedConfirmed()
    {
        _sinceSelected = 0;
        Insists = false;
    }
}
