namespace P2PCam.WebRtc.Sdp;

/// <summary>One m= section (RFC 8866 section 5.14), with what session level says for it already filled in.</summary>
internal sealed class MediaDescription
{
    private const int PayloadTypeCount = 128;

    private readonly SdpPayloadType?[] _byNumber = new SdpPayloadType?[PayloadTypeCount];
    private readonly List<SdpPayloadType> _payloadTypes = [];
    private readonly List<string> _candidates = [];
    private readonly List<SdpExtensionMap> _extensions = [];
    private readonly Dictionary<uint, SdpSource> _sourcesBySsrc = [];
    private readonly List<SdpSource> _sources = [];
    private readonly List<SdpSourceGroup> _sourceGroups = [];
    private readonly List<SdpAttribute> _otherAttributes = [];

    /// <summary>video, audio, application …</summary>
    public required string Kind { get; init; }

    /// <summary>0 in a media that is refused, and in one that is offered <see cref="IsBundleOnly"/>.</summary>
    public required int Port { get; init; }

    /// <summary>UDP/TLS/RTP/SAVPF in WebRTC.</summary>
    public required string Protocol { get; init; }

    /// <summary>The formats as the m= line lists them, in order of preference.</summary>
    public required IReadOnlyList<string> Formats { get; init; }

    /// <summary>The formats that are RTP payload types, in order of preference.</summary>
    public IReadOnlyList<SdpPayloadType> PayloadTypes => _payloadTypes;

    /// <summary>a=mid (RFC 5888 section 4); null when there is none.</summary>
    public string? Mid { get; internal set; }

    public SdpDirection Direction { get; internal set; }

    /// <summary>What this media and session level say; <see cref="MediaBundle"/> knows what holds.</summary>
    public SdpTransport Transport { get; internal set; } = new();

    /// <summary>RTP and RTCP on one port, RFC 5761.</summary>
    public bool HasRtcpMux => Transport.HasRtcpMux;

    /// <summary>RTCP without a report in front, RFC 5506.</summary>
    public bool HasReducedSizeRtcp => Transport.HasReducedSizeRtcp;

    /// <summary>Offered for bundling with another media and not on its own (RFC 9143 section 6).</summary>
    public bool IsBundleOnly { get; internal set; }

    /// <summary>Stream and track id, RFC 8830.</summary>
    public string? MediaStreamId { get; internal set; }

    public IReadOnlyList<SdpExtensionMap> Extensions => _extensions;

    public IReadOnlyList<SdpSource> Sources => _sources;

    public IReadOnlyList<SdpSourceGroup> SourceGroups => _sourceGroups;

    /// <summary>Raw, each starting with <c>candidate:</c>; ICE reads them.</summary>
    public IReadOnlyList<string> Candidates => _candidates;

    public bool HasEndOfCandidates { get; internal set; }

    /// <summary>rid, simulcast and whatever else was there, in order.</summary>
    public IReadOnlyList<SdpAttribute> OtherAttributes => _otherAttributes;

    /// <summary>Whether the other side can use this media at all.</summary>
    public bool IsUsable => Port != 0 || IsBundleOnly;

    public SdpPayloadType? FindPayloadType(int number) => (uint)number < PayloadTypeCount ? _byNumber[number] : null;

    /// <summary>The SSRC of the retransmissions of a stream, as FID groups them; null when they were not announced.</summary>
    public uint? FindRetransmissionSsrc(uint ssrc) =>
        _sourceGroups.FirstOrDefault(group => group.IsRetransmissionPair && group.Ssrcs[0] == ssrc)?.Ssrcs[1];

    internal SdpTransport OwnTransport { get; } = new();

    internal SdpDirection? OwnDirection { get; set; }

    internal void AddFormatsAsPayloadTypes()
    {
        foreach (var format in Formats)
        {
            if (byte.TryParse(format, out var number) && number < PayloadTypeCount && _byNumber[number] is null)
            {
                _byNumber[number] = new SdpPayloadType(number);
                _payloadTypes.Add(_byNumber[number]!);
            }
        }
    }

    internal SdpSource GetOrAddSource(uint ssrc)
    {
        if (!_sourcesBySsrc.TryGetValue(ssrc, out var source))
        {
            source = new SdpSource(ssrc);
            _sourcesBySsrc.Add(ssrc, source);
            _sources.Add(source);
        }

        return source;
    }

    internal void Add(SdpExtensionMap extension) => _extensions.Add(extension);

    /// <summary>An extension of session level, for a media that does not map the same to something of its own.</summary>
    internal void AddGeneral(SdpExtensionMap extension)
    {
        if (!_extensions.Exists(own => own.Id == extension.Id || own.Uri == extension.Uri))
        {
            _extensions.Add(extension);
        }
    }

    internal void Add(SdpSourceGroup group) => _sourceGroups.Add(group);

    internal void Add(SdpAttribute attribute) => _otherAttributes.Add(attribute);

    internal void AddCandidate(string candidate) => _candidates.Add(candidate);
}
