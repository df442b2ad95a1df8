namespace P2PCam.WebRtc.Ice;

/// <summary>Who nominates the pair (RFC 8445 section 6.1.1).</summary>
internal enum IceRole
{
    Controlled,
    Controlling,
}
