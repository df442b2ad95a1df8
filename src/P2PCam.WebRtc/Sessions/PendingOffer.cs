using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Ice;
using P2PCam.WebRtc.Receiving;
using P2PCam.WebRtc.Sdp;

namespace P2PCam.WebRtc.Sessions;

/// <summary>A viewer's side before the answer is there: the offer to send, and the identities that it promises.</summary>
internal sealed class PendingOffer
{
    private readonly PeerSessionOptions _options;
    private readonly IceAgent _ice;
    private readonly uint _localSsrc;
    private readonly string _canonicalName;

    private PendingOffer(PeerSessionOptions options, TimeSpan now)
    {
        _options = options;
        _ice = new IceAgent(new IceAgentOptions { Role = IceRole.Controlling }, options.Random);
        _localSsrc = PeerSessionNegotiation.RandomSsrc(options.Random);
        _canonicalName = PeerSessionNegotiation.RandomUInt64(options.Random).ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
        Offer = OfferBuilder.Build(PeerSessionNegotiation.CodecRules, new LocalMediaParameters
        {
            SessionId = PeerSessionNegotiation.RandomUInt64(options.Random) >> 1,
            IceUfrag = _ice.LocalUfrag,
            IcePassword = _ice.LocalPassword,
            Fingerprint = PeerSessionNegotiation.LocalFingerprint(options),
            Cname = _canonicalName,
            Candidates = PeerSessionNegotiation.AddLocalCandidates(now, options, _ice),
            HasEndOfCandidates = true,
        });
    }

    /// <summary>The SDP to send.</summary>
    public string Offer { get; }

    /// <summary>Makes identities and the offer that announces them.</summary>
    public static PendingOffer Create(PeerSessionOptions options, TimeSpan now) => new(options, now);

    /// <summary>Takes the answer; call once. On failure <paramref name="error"/> says in words why the answer is of no use.</summary>
    public bool TryAccept(TimeSpan now, string answer, out PeerSession session, out string error)
    {
        (session, error) = (null!, "");
        if (!SessionDescription.TryParse(answer, out var description, out var sdpError))
        {
            error = $"The answer is not usable SDP. {sdpError.Message}";
            return false;
        }

        if (!SessionDescription.TryParse(Offer, out var offer, out sdpError))
        {
            error = $"Our own offer is not usable SDP, a defect. {sdpError.Message}";
            return false;
        }

        if (!AnswerAnalysis.TryAnalyze(offer, description, PeerSessionNegotiation.CodecRules, out var video, out var negotiationError))
        {
            error = negotiationError.Message;
            return false;
        }

        if (!_ice.SetRemoteCredentials(now, video!.RemoteIceUfrag, video.RemoteIcePassword))
        {
            error = "The answer's ice-ufrag or ice-pwd is not of the form that RFC 8839 section 5.4 gives.";
            return false;
        }

        PeerSessionNegotiation.AddRemoteCandidates(now, _ice, video);
        var dtls = new DtlsEndpoint(PeerSessionNegotiation.CreateDtlsOptions(_options, video), _options.HandshakePool, _options.Wake);
        session = new PeerSession(_options, _ice, dtls, null, CreateReceiverOptions(video), now);
        return true;
    }

    private VideoReceiverOptions CreateReceiverOptions(NegotiatedVideo video) => new()
    {
        LocalSsrc = _localSsrc,
        PayloadType = video.Codec.PayloadType,
        RtxPayloadType = video.Codec.RtxPayloadType,
        RemoteSsrc = video.RemoteSsrc,
        CanonicalName = _canonicalName,
    };
}
