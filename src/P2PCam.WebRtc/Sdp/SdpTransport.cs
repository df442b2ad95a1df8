namespace P2PCam.WebRtc.Sdp;

/// <summary>
/// What a description says about its transport: ICE (RFC 8839 section 5) and DTLS (RFC 8122, RFC 8842). It may stand at session level, for
/// all media, or with a media, for that one.
/// </summary>
internal sealed class SdpTransport
{
    private readonly List<SdpFingerprint> _fingerprints = [];

    public string? IceUfrag { get; internal set; }

    public string? IcePassword { get; internal set; }

    public IReadOnlyList<string> IceOptions { get; internal set; } = [];

    public IReadOnlyList<SdpFingerprint> Fingerprints => _fingerprints;

    public SdpSetup Setup { get; internal set; }

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
        };
        merged._fingerprints.AddRange(_fingerprints.Count > 0 ? _fingerprints : general._fingerprints);
        return merged;
    }
}
