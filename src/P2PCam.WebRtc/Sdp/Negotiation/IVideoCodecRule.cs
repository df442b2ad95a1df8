namespace P2PCam.WebRtc.Sdp;

/// <summary>How one codec is offered and recognized. A new codec is a new rule.</summary>
internal interface IVideoCodecRule
{
    /// <summary>The name in rtpmap. The clock is 90 kHz for all video.</summary>
    string EncodingName { get; }

    /// <summary>The fmtp value that we offer; null for none.</summary>
    string? OfferedParameters { get; }

    /// <summary>Whether a payload type of this name carries a stream that we can make or show.</summary>
    /// <param name="offered">The other side's payload type.</param>
    /// <param name="answerParameters">The fmtp value to answer with; null for none.</param>
    bool TryMatch(SdpPayloadType offered, out string? answerParameters);
}
