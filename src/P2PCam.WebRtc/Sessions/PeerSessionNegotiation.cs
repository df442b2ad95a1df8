using System.Buffers.Binary;
using System.Security.Cryptography;
using P2PCam.WebRtc.Dtls;
using P2PCam.WebRtc.Ice;
using P2PCam.WebRtc.Sdp;
using P2PCam.WebRtc.Sending;
using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Sessions;

/// <summary>Turns a viewer's offer into a session and the answer that invites it (RFC 9429 section 5.3).</summary>
internal static class PeerSessionNegotiation
{
    internal static readonly IReadOnlyList<IVideoCodecRule> CodecRules = [Vp8CodecRule.Instance];

    public static bool TryAnswer(PeerSessionOptions options, string offer, TimeSpan now, out PeerSession session, out string answer, out string error)
    {
        (session, answer, error) = (null!, "", "");
        if (!SessionDescription.TryParse(offer, out var description, out var sdpError))
        {
            error = $"The offer is not usable SDP. {sdpError.Message}";
            return false;
        }

        if (!OfferAnalysis.TryAnalyze(description, CodecRules, out var analysis, out var negotiationError))
        {
            error = negotiationError.Message;
            return false;
        }

        var video = analysis!.Video;
        var ice = new IceAgent(new IceAgentOptions { Role = IceRole.Controlled }, options.Random);
        if (!ice.SetRemoteCredentials(now, video.RemoteIceUfrag, video.RemoteIcePassword))
        {
            error = "The offer's ice-ufrag or ice-pwd is not of the form that RFC 8839 section 5.4 gives.";
            return false;
        }

        var candidates = AddLocalCandidates(now, options, ice);
        AddRemoteCandidates(now, ice, video);
        var sending = CreateSenderOptions(options, video);
        var dtls = new DtlsEndpoint(CreateDtlsOptions(options, video), options.HandshakePool, options.Wake);
        session = new PeerSession(options, ice, dtls, sending, null, now);
        answer = AnswerBuilder.Build(analysis, new LocalMediaParameters
        {
            SessionId = RandomUInt64(options.Random) >> 1,
            IceUfrag = ice.LocalUfrag,
            IcePassword = ice.LocalPassword,
            Fingerprint = LocalFingerprint(options),
            Cname = sending.CanonicalName,
            Ssrc = sending.Ssrc,
            RtxSsrc = sending.Rtx?.Ssrc,
            StreamId = options.StreamId,
            Candidates = candidates,
            HasEndOfCandidates = true,
        });
        return true;
    }

    internal static List<string> AddLocalCandidates(TimeSpan now, PeerSessionOptions options, IceAgent ice)
    {
        var texts = new List<string>(options.LocalAddresses.Count);
        for (var rank = 0; rank < options.LocalAddresses.Count; rank++)
        {
            var address = options.LocalAddresses[rank];
            var candidate = IceCandidate.Host(address, IcePriority.LocalPreference(rank, !address.IsIPv4));
            ice.AddLocalCandidate(now, candidate);
            texts.Add(IceCandidateText.Format(candidate));
        }

        return texts;
    }

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

    internal static DtlsOptions CreateDtlsOptions(PeerSessionOptions options, NegotiatedVideo video) => new()
    {
        Role = video.IsDtlsClient ? DtlsRole.Client : DtlsRole.Server,
        Certificate = options.Certificate,
        RemoteFingerprints = [.. video.RemoteFingerprints.Select(fingerprint => new DtlsFingerprint(fingerprint.Algorithm, DtlsFingerprint.Format(fingerprint.Hash)))],
    };

    private static VideoSenderOptions CreateSenderOptions(PeerSessionOptions options, NegotiatedVideo video)
    {
        var random = options.Random;
        return new VideoSenderOptions
        {
            Ssrc = RandomSsrc(random),
            PayloadType = video.Codec.PayloadType,
            Rtx = video.Codec.RtxPayloadType is { } rtx ? (RandomSsrc(random), rtx) : null,
            ResendOnNack = video.Codec.Feedback.HasFlag(RtcpFeedbackKinds.Nack),
            FirstSequenceNumber = (ushort)(RandomUInt64(random) & 0x7FFF),
            FirstRtxSequenceNumber = (ushort)(RandomUInt64(random) & 0x7FFF),
            TimestampOffset = (uint)RandomUInt64(random),
            CanonicalName = RandomUInt64(random).ToString("x16", System.Globalization.CultureInfo.InvariantCulture),
            History = options.ResendHistory,
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
