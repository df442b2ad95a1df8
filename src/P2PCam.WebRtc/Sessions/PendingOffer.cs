using P2PCam.WebRtc.Ice;
using P2PCam.WebRtc.Sdp;

namespace P2PCam.WebRtc.Sessions;

/// <summary>The side that offers before the answer is there, a viewer or who publishes: the offer to send, and the identities that it promises.</summary>
internal sealed class PendingOffer
{
    private readonly PeerSessionOptions _options;
    private readonly IceAgent _ice;
    private readonly LocalIdentity _identity;
    private readonly string _mid;
    private readonly bool _weSend;

    private PendingOffer(PeerSessionOptions options, TimeSpan now, string mid)
    {
        (_options, _mid, _weSend) = (options, mid, options.Direction == PeerSessionDirection.Send);
        _ice = new IceAgent(new IceAgentOptions { Role = IceRole.Controlling }, options.Random);
        _identity = LocalIdentity.Create(options.Random);
        var candidates = PeerSessionNegotiation.AddLocalCandidates(now, options, _ice);
        Offer = OfferBuilder.Build(VideoCodecRules.For(options.Codecs), _identity.Describe(options, _ice, candidates, _weSend), mid, _weSend);
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

        if (!AnswerAnalysis.TryAnalyze(offer, description, VideoCodecRules.For(_options.Codecs), out var video, out var negotiationError, _weSend))
        {
            error = negotiationError.Message;
            return false;
        }

        _ice.IsRemoteLite = video!.IsRemoteIceLite;
        if (!_ice.SetRemoteCredentials(now, video.RemoteIceUfrag, video.RemoteIcePassword))
        {
            error = "The answer's ice-ufrag or ice-pwd is not of the form that RFC 8839 section 5.4 gives.";
            return false;
        }

        PeerSessionNegotiation.AddRemoteCandidates(now, _ice, video);
        session = PeerSessionNegotiation.CreateSession(_options, now, _ice, new NegotiatedSession(video, _identity, _weSend, WeAnswered: false));
        return true;
    }
}
