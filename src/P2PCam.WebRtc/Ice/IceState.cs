namespace P2PCam.WebRtc.Ice;

internal enum IceState
{
    /// <summary>The remote credentials are not known. Checks that come in are answered already.</summary>
    New,

    /// <summary>Looking for a pair that works.</summary>
    Checking,

    /// <summary>A pair is selected and the peer consents to receive on it.</summary>
    Connected,

    /// <summary>The selected pair is silent for some seconds. A hint for people; sending goes on until consent is lost.</summary>
    Disconnected,

    /// <summary>No pair was found, or consent was lost (RFC 7675). Only a restart leads out.</summary>
    Failed,

    Closed,
}
