namespace P2PCam;

/// <summary>Names of transports that both ends must know: <see cref="PeerJoinedMessage.Transport"/> of viewers that came so.</summary>
internal static class SignalingNames
{
    /// <summary>A viewer by HTTP requests. The host speaks for it, and leaves the room when the broadcaster says goodbye.</summary>
    public const string Whep = "whep";

    /// <summary>A server that a broadcaster publishes to by itself; it is in no room.</summary>
    public const string Whip = "whip";
}
