using P2PCam.WebRtc.Wire;

namespace P2PCam.Simulation.Tests.Sessions;

/// <summary>One datagram between two sessions.</summary>
internal sealed record WireDatagram(TransportAddress From, TransportAddress To, byte[] Bytes);
