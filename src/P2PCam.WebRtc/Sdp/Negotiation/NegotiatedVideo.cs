using P2PCam.WebRtc.Rtp;

namespace P2PCam.WebRtc.Sdp;

/// <summary>What two sides agreed on for the video, the same for offerer and answerer; "remote" is the other side.</summary>
internal sealed record NegotiatedVideo
{
    /// <summary>The place of the media among the m= sections.</summary>
    public required int MediaIndex { get; init; }

    /// <summary>Null when the other side uses none.</summary>
    public required string? Mid { get; init; }

    public required NegotiatedCodec Codec { get; init; }

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

    /// <summary>For logs: without the ICE password and addresses that a record would print.</summary>
    public override string ToString() => $"{Codec.EncodingName} {Codec.PayloadType} mid {Mid}";
}

/// <summary>The chosen payload types.</summary>
/// <param name="EncodingName">As the rule spells it.</param>
/// <param name="PayloadType">By the numbers of the offer.</param>
/// <param name="RtxPayloadType">For retransmissions; null when lost packets are not to be sent again that way.</param>
/// <param name="FormatParameters">The fmtp value of the answer; null for none.</param>
/// <param name="Feedback">What the receiver will send.</param>
internal readonly record struct NegotiatedCodec(
    string EncodingName, byte PayloadType, byte? RtxPayloadType, string? FormatParameters, RtcpFeedbackKinds Feedback)
{
    /// <summary>The RTP clock of all video, in Hz.</summary>
    public const int ClockRate = 90_000;
}
