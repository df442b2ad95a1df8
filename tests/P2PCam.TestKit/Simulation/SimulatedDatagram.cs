using P2PCam.WebRtc.Wire;

namespace P2PCam.TestKit.Simulation;

/// <summary>A datagram that has arrived.</summary>
internal readonly record struct SimulatedDatagram(TransportAddress From, TransportAddress To, byte[] Payload);
