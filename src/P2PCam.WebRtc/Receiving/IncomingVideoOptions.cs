using P2PCam.WebRtc.Rtp;

namespace P2PCam.WebRtc.Receiving;

/// <summary>What was negotiated for everything that comes in on one transport.</summary>
internal sealed record IncomingVideoOptions
{
    /// <summary>For the stream, or for each layer of it.</summary>
    public required VideoReceiverOptions Stream { get; init; }

    public required HeaderExtensionIds Extensions { get; init; }

    /// <summary>The layers of simulcast, in the order of the offer; empty for a single stream.</summary>
    public IReadOnlyList<string> Rids { get; init; } = [];

    /// <summary>The sender wants transport-wide feedback, and numbers its packets for it.</summary>
    public bool SendsTransportFeedback { get; init; }

    /// <summary>The sender wants to be told an estimated bit rate.</summary>
    public bool SendsEstimate { get; init; }
}
