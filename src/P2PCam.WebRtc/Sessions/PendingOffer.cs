using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Ice;
using P2PCam.WebRtc.Receiving;
using P2PCam.WebRtc.Sdp;

namespace P2PCam.WebRtc.Sessions;

/// <summary>A viewer's side before the answer is there: the offer to send, and the identities that it promises.</summary>
internal sealed class PendingOffer
{
    private static readonly TimeSpan WaitForResends = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WaitForReordering = TimeSpan.FromMilliseconds(80);
    private readonly PeerSessionOptions _options;
    private readonly IceAgent _ice;
    private readonly uint _localSsrc;
    private readonly string _canonicalName;
    private readonly string _mid;

    private PendingOffer(PeerSessionOptions options, TimeSpan now, string mid)
    {
        _mid = mid;
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
        }, mid);
    }

    /// <summary>The SDP to send.</summary>
    public string Offer { get; }

    /// <summary>Makes identities and the offer that announces them.</summary>
    /// <param name="options">What the session will work with.</param>
    /// <param name="now">The time.</param>
    /// <param name="mid">The name of the media; another one for each offer of a viewer tells its answers apart.</param>
    public static PendingOffer Create(PeerSessionOptions options, TimeSpan now, string mid = "0") => new(options, now, mid);

    /// <summary>Whether an answer is to another of our offers; false for what is no answer at all, which <see cref="TryAccept"/> explains.</summary>
    public bool IsForAnotherOffer(string answer) =>
        SessionDescription.TryParse(answer, out var description, out _) && description.Media is [{ Mid: { } mid }, ..] && mid != _mid;

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

    private VideoReceiverOptions CreateReceiverOptions(NegotiatedVideo video)
    {
        var resends = video.Codec.Feedback.HasFlag(RtcpFeedbackKinds.Nack);
        return new VideoReceiverOptions
        {
            LocalSsrc = _localSsrc,
            PayloadType = video.Codec.PayloadType,
            RtxPayloadType = video.Codec.RtxPayloadType,
            RemoteSsrc = video.RemoteSsrc,
            CanonicalName = _canonicalName,
            AsksForMissing = resends,
            MaxWaitForPacket = resends ? WaitForResends : WaitForReordering,
        };
    }
}
