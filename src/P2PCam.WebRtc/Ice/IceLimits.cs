namespace P2PCam.WebRtc.Ice;

/// <summary>What one agent remembers at most, whatever the peer sends.</summary>
internal static class IceLimits
{
    public const int LocalCandidates = 32;
    public const int RemoteCandidates = 100;
    public const int PeerReflexiveCandidates = 32;
    public const int Pairs = 100;
    public const int Events = 64;
    public const int Transmits = 256;

    /// <summary>What <see cref="IceAgent.PollTransmit"/> needs at least: a request with the longest allowed USERNAME.</summary>
    public const int MaxMessageSize = 640;
}
