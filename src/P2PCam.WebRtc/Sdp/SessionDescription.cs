namespace P2PCam.WebRtc.Sdp;

/// <summary>An offer or answer (RFC 8866 with the attributes that RFC 9429 uses), read from text and not changed after.</summary>
internal sealed class SessionDescription
{
    private readonly List<SdpGroup> _groups = [];
    private readonly List<MediaDescription> _media = [];
    private readonly List<SdpAttribute> _otherAttributes = [];

    public SdpOrigin Origin { get; internal set; }

    public IReadOnlyList<SdpGroup> Groups => _groups;

    public IReadOnlyList<MediaDescription> Media => _media;

    /// <summary>ICE and DTLS parameters given once for all media.</summary>
    public SdpTransport Transport { get; } = new();

    /// <summary>The other side answers checks but sends none (RFC 8839 section 5.3).</summary>
    public bool IsIceLite { get; internal set; }

    /// <summary>Session-level attributes that nothing here reads, in order.</summary>
    public IReadOnlyList<SdpAttribute> OtherAttributes => _otherAttributes;

    /// <summary>The first BUNDLE group; null when media are not bundled.</summary>
    public SdpGroup? BundleGroup => _groups.FirstOrDefault(group => group.IsBundle);

    internal SdpDirection? Direction { get; set; }

    /// <summary>Header extensions given once for all media (RFC 8285 section 5).</summary>
    internal List<SdpExtensionMap> Extensions { get; } = [];

    /// <summary>No media has more candidates than are here (RFC 8840 section 4.1).</summary>
    internal bool HasEndOfCandidates { get; set; }

    /// <summary>Reads a description; lines that mean nothing here are skipped. The time taken grows with the length only.</summary>
    /// <returns>False with the reason in <paramref name="error"/>. Never throws.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out SessionDescription description, out SdpError error) =>
        new SdpParser().TryParse(text, out description, out error);

    public MediaDescription? FindByMid(string mid) => _media.FirstOrDefault(media => media.Mid == mid);

    /// <summary>The BUNDLE group that a media belongs to; null if none. There may be several groups, each with a transport of its own.</summary>
    public SdpGroup? FindBundle(MediaDescription media) =>
        media.Mid is { } mid ? _groups.FirstOrDefault(group => group.IsBundle && group.Mids.Contains(mid)) : null;

    internal void Add(SdpGroup group) => _groups.Add(group);

    internal void Add(MediaDescription media) => _media.Add(media);

    internal void Add(SdpAttribute attribute) => _otherAttributes.Add(attribute);
}
