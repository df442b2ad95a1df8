using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Sdp;

/// <summary>How one codec is offered and recognized. A new codec is a new rule.</summary>
internal interface IVideoCodecRule
{
    /// <summary>Which one. The clock is 90 kHz for all video.</summary>
    RtpVideoCodec Codec { get; }

    /// <summary>The fmtp values that we offer, each for a payload type of its own, the best first; null for one without.</summary>
    /// <param name="weSend">Which way the media go.</param>
    IReadOnlyList<string?> GetOfferedParameters(bool weSend);

    /// <summary>Whether a payload type of this name carries a stream that we can send, or take.</summary>
    /// <param name="offered">The other side's payload type.</param>
    /// <param name="weSend">Which way the media go.</param>
    /// <param name="match">How it fits.</param>
    bool TryMatch(SdpPayloadType offered, bool weSend, out CodecMatch match);

    /// <summary>Whether it does in a form that is second choice: only where the other side has no better one of this codec.</summary>
    bool TryMatchOther(SdpPayloadType offered, bool weSend, out CodecMatch match)
    {
        match = default;
        return false;
    }

    /// <summary>Why a payload type of this name cannot be used, as a sentence; null when it can.</summary>
    string? ExplainMismatch(SdpPayloadType offered, bool weSend) => null;
}

/// <summary>A payload type that can be used.</summary>
/// <param name="Rank">Among several of one codec the lowest is the best.</param>
/// <param name="Parameters">The fmtp value to answer with; null for none.</param>
internal readonly record struct CodecMatch(int Rank, string? Parameters)
{
    /// <summary>What a sender gives of its stream in the description itself; null where it gives nothing.</summary>
    public string? ParameterSets { get; init; }
}
