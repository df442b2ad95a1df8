namespace P2PCam.WebRtc.Sdp;

/// <summary>
/// What a description says about its transport: ICE (RFC 8839 section 5), DTLS (RFC 8122, RFC 8842) and RTCP's place on it (RFC 5761, RFC 5506).
/// These are the attributes of the categories TRANSPORT and IDENTICAL (RFC 8859): said once, they hold for a whole bundle. They may stand at session
/// level, for all media, or with a media, for that one and its bundle.
/// </summary>
internal sealed class SdpTransport
{
    private readonly List<SdpFingerprint> _fingerprints = [];

    public string? IceUfrag { get; internal set; }

    public string? IcePassword { get; internal set; }

    public IReadOnlyList<string> IceOptions { get; internal set; } = [];

    public IReadOnlyList<SdpFingerprint> Fingerprints => _fingerprints;

    public SdpSetup Setup { get; internal set; }

    /// <summary>RTP and RTCP on one port, as rtcp-mux says, or as rtcp-mux-only (RFC 8858) says for want of another way.</summary>
    public bool HasRtcpMux { get; internal set; }

    /// <summary>RTCP without a report in front.</summary>
    public bool HasReducedSizeRtcp { get; internal set; }

    /// <summary>Whether nothing is missing that ICE and DTLS begin with.</summary>
    public bool IsWhole => IceUfrag is not null && IcePassword is not null && _fingerprints.Count > 0;

    internal void Add(SdpFingerprint fingerprint) => _fingerprints.Add(fingerprint);

    /// <summary>This with the gaps filled from a more general one. ICE credentials are taken as a pair, fingerprints as a set.</summary>
    internal SdpTransport Over(SdpTransport general)
    {
        var own = IceUfrag is not null || IcePassword is not null;
        var merged = new SdpTransport
        {
            IceUfrag = own ? IceUfrag : general.IceUfrag,
            IcePassword = own ? IcePassword : general.IcePassword,
            IceOptions = IceOptions.Count > 0 ? IceOptions : general.IceOptions,
            Setup = Setup != SdpSetup.Unspecified ? Setup : general.Setup,
            HasRtcpMux = HasRtcpMux || general.HasRtcpMux,
            HasReducedSizeRtcp = HasReducedSizeRtcp || general.HasReducedSizeRtcp,
        };
        merged._fingerprints.AddRange(_fingerprints.Count > 0 ? _fingerprints : general._fingerprints);
        return merged;
    }
}
