namespace P2PCam.WebRtc.Stun;

/// <summary>
/// Attribute types (IANA "STUN Attributes"). Below 0x8000 a receiver must understand the attribute or refuse the message;
/// from 0x8000 on it skips what it does not know (RFC 8489 section 14).
/// </summary>
internal enum StunAttributeType : ushort
{
    MappedAddress = 0x0001,

    /// <summary>Where an answer came from, as old servers say beside MAPPED-ADDRESS (RFC 3489 section 11.2); skipped here.</summary>
    SourceAddress = 0x0004,

    /// <summary>Where another would come from; the same.</summary>
    ChangedAddress = 0x0005,
    Username = 0x0006,
    MessageIntegrity = 0x0008,
    ErrorCode = 0x0009,
    UnknownAttributes = 0x000A,
    ChannelNumber = 0x000C,
    Lifetime = 0x000D,
    XorPeerAddress = 0x0012,
    Data = 0x0013,
    Realm = 0x0014,
    Nonce = 0x0015,
    XorRelayedAddress = 0x0016,
    RequestedAddressFamily = 0x0017,
    RequestedTransport = 0x0019,
    MessageIntegritySha256 = 0x001C,
    XorMappedAddress = 0x0020,
    Priority = 0x0024,
    UseCandidate = 0x0025,
    Software = 0x8022,
    Fingerprint = 0x8028,
    IceControlled = 0x8029,
    IceControlling = 0x802A,

    /// <summary>Sent by Chromium (draft-thatcher-ice-network-cost); skipped here.</summary>
    NetworkCost = 0xC057,
}
