using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Ice;

internal enum IceEventKind
{
    /// <summary><see cref="IceEvent.State"/> is the new state.</summary>
    StateChanged,

    /// <summary>Media goes over <see cref="IceEvent.Local"/> and <see cref="IceEvent.Remote"/> from now on.</summary>
    SelectedPairChanged,

    /// <summary>The peer was seen at an address it did not signal, or sees us at one that is not ours.</summary>
    PeerReflexiveDiscovered,

    /// <summary>Both sides wanted the same role; <see cref="IceEvent.Role"/> is ours now.</summary>
    RoleChanged,

    /// <summary>30 seconds without an answer, or the peer revoked consent: nothing may be sent any more.</summary>
    ConsentLost,
}

internal readonly record struct IceEvent(
    IceEventKind Kind,
    IceState State,
    IceRole Role,
    TransportAddress Local = default,
    TransportAddress Remote = default);
