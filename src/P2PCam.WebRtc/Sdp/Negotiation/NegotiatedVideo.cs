using P2PCam.WebRtc.Rtp;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Sdp;

/// <summary>What two sides agreed on for the video, the same for offerer and answerer; "remote" is the other side.</summary>
internal sealed record NegotiatedVideo
{
    /// <summary>The place of the media among the m= sections.</summary>
    public required int MediaIndex { get; init; }

    /// <summary>Null when the other side uses none.</summary>
    public required string? Mid { get; init; }

    /// <summary>What may be sent, the preferred first; at least one.</summary>
    public required IReadOnlyList<NegotiatedCodec> Codecs { get; init; }

    /// <summary>The preferred one.</summary>
    public NegotiatedCodec Codec => Codecs[0];

    /// <summary>The codecs with their payload types, as senders and receivers take them.</summary>
    public IReadOnlyList<RtpFormat> Formats =>
    [
        .. Codecs.Select(codec => new RtpFormat(codec.Codec, codec.PayloadType, codec.RtxPayloadType)
        {
            Resends = codec.Feedback.HasFlag(RtcpFeedbackKinds.Nack),
            ParameterSets = codec.ParameterSets,
        }),
    ];

    public required HeaderExtensionIds Extensions { get; init; }

    /// <summary>RTCP feedback may go without a report in front.</summary>
    public required bool HasReducedSizeRtcp { get; init; }

    /// <summary>We send the ClientHello; else we wait for it.</summary>
    public required bool IsDtlsClient { get; init; }

    /// <summary>At least one; the other side's certificate must match one of them.</summary>
    public required IReadOnlyList<SdpFingerprint> RemoteFingerprints { get; init; }

    public required string RemoteIceUfrag { get; init; }

    public required string RemoteIcePassword { get; init; }

    public required bool IsRemoteIceLite { get; init; }

    /// <summary>The other side may send, and takes, candidates after this description.</summary>
    public required bool HasRemoteTrickle { get; init; }

    /// <summary>Raw, each starting with <c>candidate:</c>.</summary>
    public required IReadOnlyList<string> RemoteCandidates { get; init; }

    public required bool HasRemoteEndOfCandidates { get; init; }

    /// <summary>The stream that the other side announced; null when it announced none and is known by its packets.</summary>
    public uint? RemoteSsrc { get; init; }

    /// <summary>Its retransmissions.</summary>
    public uint? RemoteRtxSsrc { get; init; }

    /// <summary>The simulcast layers that the other side sends, by their rids; empty without simulcast.</summary>
    public IReadOnlyList<string> Rids { get; init; } = [];

    /// <summary>For logs: without the ICE password and addresses that a record would print.</summary>
    public override string ToString() => $"{Codec.EncodingName} {Codec.PayloadType} mid {Mid}";
}

/// <summary>The chosen payload types.</summary>
/// <param name="Codec">What they carry.</param>
/// <param name="PayloadType">By the numbers of the offer.</param>
/// <param name="RtxPayloadType">For retransmissions; null when lost packets are not to be sent again that way.</param>
/// <param name="FormatParameters">The fmtp value of the answer; null for none.</param>
/// <param name="Feedback">What the receiver will send.</param>
internal readonly record struct NegotiatedCodec(
    RtpVideoCodec Codec, byte PayloadType, byte? RtxPayloadType, string? FormatParameters, RtcpFeedbackKinds Feedback)
{
    /// <summary>The name in rtpmap.</summary>
    public string EncodingName => RtpVideoCodecNames.Of(Codec);

    /// <summary>What the other side sends besides its packets; see <see cref="RtpFormat.ParameterSets"/>.</summary>
    public string? ParameterSets { get; init; }

    /// <summary>The RTP clock of all video, in Hz.</summary>
    public const int ClockRate = 90_000;
}
