namespace P2PCam.WebRtc.Stun;

/// <summary>The two class bits of the message type (RFC 8489 section 5).</summary>
internal enum StunClass
{
    Request = 0,
    Indication = 1,
    SuccessResponse = 2,
    ErrorResponse = 3,
}

/// <summary>The methods in use here (RFC 8489 section 18.2, RFC 8656 section 17).</summary>
internal enum StunMethod
{
    Binding = 0x001,
    Allocate = 0x003,
    Refresh = 0x004,
    Send = 0x006,
    Data = 0x007,
    CreatePermission = 0x008,
    ChannelBind = 0x009,
}
