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

    public static IReadOnlyList<string> All { get; } = [Mid, AbsoluteSendTime, TransportSequenceNumber];
}

/// <summary>The identifiers negotiated for the extensions in use; 0 for one that was not agreed on.</summary>
internal readonly record struct HeaderExtensionIds(byte Mid, byte AbsoluteSendTime, byte TransportSequenceNumber);
