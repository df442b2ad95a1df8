using System.Buffers.Binary;
using System.Security.Cryptography;
using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Ice;
using P2PCam.WebRtc.Receiving;
using P2PCam.WebRtc.Sdp;
using P2PCam.WebRtc.Sending;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Sessions;

/// <summary>Turns a viewer's or a publisher's offer into a session and the answer that invites it (RFC 9429 section 5.3).</summary>
internal static class PeerSessionNegotiation
{
    private static readonly TimeSpan WaitForResends = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WaitForReordering = TimeSpan.FromMilliseconds(80);

    public static bool TryAnswer(PeerSessionOptions options, string offer, TimeSpan now, out PeerSession session, out string answer, out string error)
    {
        (session, answer, error) = (null!, "", "");
        var weSend = options.Direction != PeerSessionDirection.Receive;
        if (!TryAnalyzeOffer(options, offer, weSend, out var analysis, out error))
        {
            return false;
        }

        var video = analysis.Video;
        var ice = new IceAgent(new IceAgentOptions { Role = IceRole.Controlled }, options.Random) { IsRemoteLite = video.IsRemoteIceLite };
        if (!ice.SetRemoteCredentials(now, video.RemoteIceUfrag, video.RemoteIcePassword))
        {
            error = "The offer's ice-ufrag or ice-pwd is not of the form that RFC 8839 section 5.4 gives.";
            return false;
        }

        var candidates = AddLocalCandidates(now, options, ice);
        AddRemoteCandidates(now, ice, video);
        var identity = LocalIdentity.Create(options.Random);
        session = CreateSession(options, now, ice, new NegotiatedSession(video, identity, weSend, WeAnswered: true));
        answer = AnswerBuilder.Build(analysis, identity.Describe(options, ice, candidates, weSend));
        return true;
    }

    internal static bool TryAnalyzeOffer(PeerSessionOptions options, string offer, bool weSend, out OfferAnalysis analysis, out string error)
    {
        (analysis, error) = (null!, "");
        if (!SessionDescription.TryParse(offer, out var description, out var sdpError))
        {
            error = $"The offer is not usable SDP. {sdpError.Message}";
            return false;
        }

        if (!OfferAnalysis.TryAnalyze(description, VideoCodecRules.For(options.Codecs), out var understood, out var negotiationError, weSend, options.KeepsAudio))
        {
            error = negotiationError.Message;
            return false;
        }

        analysis = understood!;
        return true;
    }

    internal static PeerSession CreateSession(PeerSessionOptions options, TimeSpan now, IceAgent ice, NegotiatedSession negotiated)
    {
        var (video, identity, weSend) = (negotiated.Video, negotiated.Identity, negotiated.WeSend);
        var dtls = new DtlsEndpoint(CreateDtlsOptions(options, video), options.HandshakePool, options.Wake);
        return new PeerSession(
            options,
            negotiated,
            ice,
            dtls,
            weSend ? CreateSenderOptions(options, video, identity) : null,
            weSend ? null : CreateReceiverOptions(video, identity),
            now);
    }

    internal static List<string> AddLocalCandidates(TimeSpan now, PeerSessionOptions options, IceAgent ice)
    {
        foreach (var candidate in LocalCandidates(options))
        {
            ice.AddLocalCandidate(now, candidate);
        }

        return DescribeCandidates(options);
    }

    internal static List<string> DescribeCandidates(PeerSessionOptions options) => [.. LocalCandidates(options).Select(candidate => IceCandidateText.Format(candidate))];

    internal static IEnumerable<IceCandidate> LocalCandidates(PeerSessionOptions options) =>
        options.LocalAddresses.Select((address, rank) => IceCandidate.Host(address, IcePriority.LocalPreference(rank, !address.IsIPv4)));

    internal static void AddRemoteCandidates(TimeSpan now, IceAgent ice, NegotiatedVideo video)
    {
        foreach (var text in video.RemoteCandidates)
        {
            if (IceCandidateText.TryParse(text, out var candidate))
            {
                ice.AddRemoteCandidate(now, candidate);
            }
        }

        if (video.HasRemoteEndOfCandidates)
        {
            ice.SetRemoteEndOfCandidates(now);
        }
    }

    internal static SdpFingerprint LocalFingerprint(PeerSessionOptions options) => SdpFingerprint.FromSha256(SHA256.HashData(options.Certificate.Encoded));

    private static DtlsOptions CreateDtlsOptions(PeerSessionOptions options, NegotiatedVideo video) => new()
    {
        Role = video.IsDtlsClient ? DtlsRole.Client : DtlsRole.Server,
        Certificate = options.Certificate,
        RemoteFingerprints = [.. video.RemoteFingerprints.Select(fingerprint => new DtlsFingerprint(fingerprint.Algorithm, DtlsFingerprint.Format(fingerprint.Hash)))],
    };

    private static VideoSenderOptions CreateSenderOptions(PeerSessionOptions options, NegotiatedVideo video, LocalIdentity identity) => new()
    {
        Ssrc = identity.Ssrc,
        RtxSsrc = identity.RtxSsrc,
        Formats = video.Formats,
        FirstSequenceNumber = (ushort)(RandomUInt64(options.Random) & 0x7FFF),
        FirstRtxSequenceNumber = (ushort)(RandomUInt64(options.Random) & 0x7FFF),
        TimestampOffset = (uint)RandomUInt64(options.Random),
        CanonicalName = identity.CanonicalName,
        History = options.ResendHistory,
    };

    private static IncomingVideoOptions CreateReceiverOptions(NegotiatedVideo video, LocalIdentity identity)
    {
        var feedback = video.Codec.Feedback;
        var resends = feedback.HasFlag(RtcpFeedbackKinds.Nack);
        return new IncomingVideoOptions
        {
            Stream = new VideoReceiverOptions
            {
                LocalSsrc = identity.Ssrc,
                Formats = video.Formats,
                RemoteSsrc = video.RemoteSsrc,
                CanonicalName = identity.CanonicalName,
                AsksForMissing = resends,
                MaxWaitForPacket = resends ? WaitForResends : WaitForReordering,
            },
            Extensions = video.Extensions,
            Rids = video.Rids,
            SendsTransportFeedback = feedback.HasFlag(RtcpFeedbackKinds.TransportFeedback) && video.Extensions.TransportSequenceNumber != 0,
            SendsEstimate = feedback.HasFlag(RtcpFeedbackKinds.ReceiverEstimatedMaxBitrate),
        };
    }

    // 0 is a legal SSRC, but some stacks take it for "none".
    internal static uint RandomSsrc(IRandomSource random) => (uint)RandomUInt64(random) | 1;

    internal static ulong RandomUInt64(IRandomSource random)
    {
        Span<byte> bytes = stackalloc byte[8];
        random.Fill(bytes);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }
}
