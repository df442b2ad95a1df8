namespace P2PCam.WebRtc.Sdp;

/// <summary>Why an offer cannot be answered, or an answer not be used.</summary>
internal enum NegotiationErrorCode
{
    None,

    /// <summary>There is no video media, or all are refused.</summary>
    NoVideo,

    /// <summary>The media is not RTP over DTLS-SRTP with feedback (SAVPF).</summary>
    UnsupportedProtocol,

    /// <summary>The viewer does not want to receive, or the broadcaster not to send.</summary>
    WrongDirection,

    /// <summary>RTP and RTCP must share a port.</summary>
    NoRtcpMux,

    /// <summary>No payload type of a codec that both sides have.</summary>
    NoCommonCodec,

    /// <summary>No certificate fingerprint by SHA-256 or better.</summary>
    NoFingerprint,

    /// <summary>No ice-ufrag and ice-pwd, or not of the form that RFC 8839 section 5.4 gives.</summary>
    NoIceCredentials,

    /// <summary>A setup that leaves nobody to start the DTLS handshake.</summary>
    UnusableSetup,

    /// <summary>An answer whose media are not those of the offer.</summary>
    AnswerDoesNotMatchOffer,
}

/// <summary>What is missing, in words for the person who sent the description.</summary>
internal readonly record struct NegotiationError(NegotiationErrorCode Code, string Message)
{
    public override string ToString() => $"{Code}: {Message}";
}
