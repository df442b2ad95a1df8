namespace P2PCam.WebRtc.Rtp;

/// <summary>The header extensions that are sent or read here, by the URI that extmap names them with.</summary>
internal static class HeaderExtensionUris
{
    /// <summary>RFC 9143 section 15.</summary>
    public const string Mid = "urn:ietf:params:rtp-hdrext:sdes:mid";

    /// <summary>6.18 fixed-point send time in 24 bits.</summary>
    public const string AbsoluteSendTime = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";

    /// <summary>draft-holmer-rmcat-transport-wide-cc-extensions-01.</summary>
    public const string TransportSequenceNumber = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";

    /// <summary>RFC 8852 section 4.1: the simulcast layer of a packet.</summary>
    public const string Rid = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";

    /// <summary>RFC 8852 section 4.2: the layer that a retransmission repairs.</summary>
    public const string RepairedRid = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";

    /// <summary>What is agreed to for packets that we send.</summary>
    public static IReadOnlyList<string> Sent { get; } = [Mid, AbsoluteSendTime, TransportSequenceNumber];

    /// <summary>What is agreed to for packets that we receive.</summary>
    public static IReadOnlyList<string> Received { get; } = [.. Sent, Rid, RepairedRid];
}

/// <summary>The identifiers negotiated for the extensions in use; 0 for one that was not agreed on.</summary>
internal readonly record struct HeaderExtensionIds(byte Mid, byte AbsoluteSendTime, byte TransportSequenceNumber)
{
    public byte Rid { get; init; }

    public byte RepairedRid { get; init; }
}
