namespace P2PCam.WebRtc.Sdp;

/// <summary>The o= line (RFC 8866 section 5.2), without the address, which WebRTC gives no meaning.</summary>
internal readonly record struct SdpOrigin(string UserName, string SessionId, string SessionVersion);

/// <summary>a=group (RFC 5888 section 5): BUNDLE and the like.</summary>
internal sealed record SdpGroup(string Semantics, IReadOnlyList<string> Mids)
{
    public const string Bundle = "BUNDLE";

    public bool IsBundle => SdpText.AreSame(Semantics, Bundle);
}

/// <summary>Which way media flow, seen from who wrote the description (RFC 8866 section 6.7).</summary>
internal enum SdpDirection
{
    SendReceive,
    SendOnly,
    ReceiveOnly,
    Inactive,
}

/// <summary>a=setup (RFC 4145 section 4): who starts the DTLS handshake.</summary>
internal enum SdpSetup
{
    /// <summary>No setup attribute was there.</summary>
    Unspecified,
    Active,
    Passive,
    ActivePassive,
    HoldConnection,
}

/// <summary>a=extmap (RFC 8285 section 5). The direction is null when the line gives none.</summary>
internal readonly record struct SdpExtensionMap(int Id, SdpDirection? Direction, string Uri);

/// <summary>a=ssrc lines of one source (RFC 5576 section 4.1), put together.</summary>
internal sealed class SdpSource(uint ssrc)
{
    public uint Ssrc { get; } = ssrc;

    public string? Cname { get; internal set; }

    /// <summary>Stream and track, as older offers give them.</summary>
    public string? MediaStreamId { get; internal set; }
}

/// <summary>a=ssrc-group (RFC 5576 section 4.2); FID ties a stream to its retransmissions.</summary>
internal sealed record SdpSourceGroup(string Semantics, IReadOnlyList<uint> Ssrcs)
{
    public const string FlowIdentification = "FID";

    /// <summary>A stream and its retransmissions, in this order.</summary>
    public bool IsRetransmissionPair => SdpText.AreSame(Semantics, FlowIdentification) && Ssrcs.Count == 2;
}

/// <summary>An attribute that nothing here reads, kept as it came. The value is null for a flag.</summary>
internal readonly record struct SdpAttribute(string Name, string? Value);
