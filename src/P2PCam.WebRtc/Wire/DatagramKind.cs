namespace P2PCam.WebRtc.Wire;

/// <summary>What a datagram on the one shared port is, told by its first byte or two.</summary>
internal enum DatagramKind
{
    Unknown,
    Stun,
    Dtls,
    TurnChannel,
    Rtp,
    Rtcp,
}
