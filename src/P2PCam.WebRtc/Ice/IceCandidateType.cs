namespace P2PCam.WebRtc.Ice;

internal enum IceCandidateType
{
    Host,
    PeerReflexive,
    ServerReflexive,
    Relayed,
}

internal enum IceTransport
{
    Udp,
    Tcp,
}
