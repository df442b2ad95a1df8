using P2PCam.WebRtc.Stun;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Ice;

internal enum IceTransmitKind
{
    Check,
    Success,
    RoleConflict,
    UnknownAttribute,
}

/// <summary>A message that is due. It becomes bytes in the driver's buffer only when polled, so nothing is buffered here.</summary>
internal readonly record struct IceTransmit(IceTransmitKind Kind, StunTransactionId Id, TransportAddress Local, TransportAddress Remote)
{
    /// <summary>PRIORITY of a check.</summary>
    public uint Priority { get; init; }

    public bool UseCandidate { get; init; }

    public IceRole Role { get; init; }

    /// <summary>The attribute that a 420 names.</summary>
    public StunAttributeType UnknownAttribute { get; init; }
}
