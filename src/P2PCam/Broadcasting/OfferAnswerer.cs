using P2PCam.Diagnostics;
using P2PCam.Networking;
using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Sessions;

namespace P2PCam.Broadcasting;

/// <summary>Turns viewers' offers into sessions, or says in words and by code why not.</summary>
internal sealed class OfferAnswerer : IDisposable
{
    private static readonly TimeSpan CertificateLifetime = TimeSpan.FromDays(30);
    private static readonly RtpVideoCodec[] AllCodecs = Enum.GetValues<RtpVideoCodec>();
    private readonly DtlsHandshakePool _handshakes = new();
    private readonly DtlsCertificate _certificate;
    private readonly BroadcastContext _context;
    private readonly SessionLoop _loop;
    private readonly MediaSockets _sockets;

    public OfferAnswerer(BroadcastContext context, SessionLoop loop, MediaSockets sockets)
    {
        (_context, _loop, _sockets) = (context, loop, sockets);
        var today = context.TimeProvider.GetUtcNow();
        _certificate = DtlsCertificate.Create(null, today.AddDays(-1), today + CertificateLifetime);
    }

    /// <summary>An offer of our own, to a server that the stream is published to; null while there are no addresses to send from.</summary>
    public PendingOffer? Offer() =>
        _sockets.Locals.Count == 0 ? null : PendingOffer.Create(CreateOptions() with { Direction = PeerSessionDirection.Send }, _loop.Now);

    /// <summary>Answers an offer.</summary>
    /// <param name="offer">The viewer's.</param>
    /// <param name="keepsAudio">See <see cref="PeerSessionOptions.KeepsAudio"/>.</param>
    /// <param name="session">Set when true is returned.</param>
    /// <param name="answer">Set when true is returned.</param>
    /// <param name="refusal">Why there is no answer.</param>
    public bool TryAnswer(string offer, bool keepsAudio, out PeerSession session, out string answer, out Refusal refusal)
    {
        var codecs = _context.Source.Codecs;
        var options = CreateOptions() with { KeepsAudio = keepsAudio };
        (session, answer, refusal) = (null!, "", default);
        if (options.LocalAddresses.Count == 0)
        {
            refusal = new Refusal("P2P2103", "The camera's computer has no network to send video by at the moment; try again later.", FailureReasons.NoNetwork);
            return false;
        }

        if (!PeerSession.TryAnswer(options, offer, _loop.Now, out session, out answer, out var error))
        {
            refusal = IsForWantOfCodec(options, offer) ? NoCodec(codecs) : new Refusal("P2P2111", error, FailureReasons.OfferRefused);
            return false;
        }

        if (!session.SendCodecs.Any(codec => codecs.Contains(codec.ToVideoCodec())))
        {
            session.Dispose();
            refusal = NoCodec(codecs);
            return false;
        }

        return true;
    }

    public void Dispose() => _handshakes.Dispose();

    private static Refusal NoCodec(IReadOnlyList<VideoCodec> codecs) =>
        new("P2P2112", $"The camera sends {VideoCodecs.Names(codecs)}, and this viewer can decode none of that.", FailureReasons.Codec);

    private static bool IsForWantOfCodec(PeerSessionOptions options, string offer) =>
        PeerSessionNegotiation.TryAnalyzeOffer(options with { Codecs = AllCodecs }, offer, weSend: true, out _, out _);

    private PeerSessionOptions CreateOptions() => new()
    {
        Certificate = _certificate,
        HandshakePool = _handshakes,
        LocalAddresses = _sockets.Locals,
        ClockOrigin = _loop.ClockOrigin,
        Wake = _loop.Wake,
        ResendHistory = _context.Options.ResendHistory,

        // The slate is VP8: whoever can show it is offered it beside the camera's own codecs, and no word is needed when one takes the other's place.
        Codecs = [.. _context.Source.Codecs.Append(VideoCodec.Vp8).Distinct().Select(codec => codec.ToRtp())],
    };
}

/// <summary>Why an offer is not answered.</summary>
/// <param name="Code">One of docs/errors.md.</param>
/// <param name="Words">For people.</param>
/// <param name="Reason">One of <see cref="FailureReasons"/>.</param>
internal readonly record struct Refusal(string Code, string Words, string Reason);
