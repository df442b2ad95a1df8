using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Ice;

/// <summary>
/// An authenticated check that came before the peer's credentials did. It was answered; it triggers ours when they are known.
/// </summary>
internal readonly record struct IceEarlyCheck(
    TransportAddress Local,
    TransportAddress Remote,
    uint Priority,
    bool UseCandidate,
    string RemoteUfrag);
