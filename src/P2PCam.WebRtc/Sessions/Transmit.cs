using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Sessions;

/// <summary>
/// Datagrams to send, lying side by side at the start of the caller's buffer: <paramref name="Length"/> bytes in all, each datagram of
/// <paramref name="SegmentSize"/> bytes but the last, which may be shorter.
/// </summary>
internal readonly record struct Transmit(TransportAddress Local, TransportAddress Remote, int Length, int SegmentSize);
