namespace P2PCam.WebRtc.Sdp;

/// <summary>What our side puts into a description.</summary>
internal sealed record LocalMediaParameters
{
    /// <summary>Random, below 2^63 (RFC 9429 section 5.2.1).</summary>
    public required ulong SessionId { get; init; }

    /// <summary>Grows with each description of one session.</summary>
    public ulong SessionVersion { get; init; } = 1;

    public required string IceUfrag { get; init; }

    public required string IcePassword { get; init; }

    public required SdpFingerprint Fingerprint { get; init; }

    /// <summary>A random name for this endpoint; one per session, so that it tracks nobody (RFC 7022).</summary>
    public required string Cname { get; init; }

    /// <summary>The stream that is sent; null for a side that only receives.</summary>
    public uint? Ssrc { get; init; }

    /// <summary>Its retransmissions; left out of the text when RTX was not agreed on.</summary>
    public uint? RtxSsrc { get; init; }

    /// <summary>The id of the MediaStream that a browser will show.</summary>
    public string StreamId { get; init; } = "p2pcam";

    /// <summary>The id of the video track in it.</summary>
    public string TrackId { get; init; } = "video";

    /// <summary>Raw, each starting with <c>candidate:</c>.</summary>
    public IReadOnlyList<string> Candidates { get; init; } = [];

    /// <summary>No more candidates will follow.</summary>
    public bool HasEndOfCandidates { get; init; }

    /// <summary>For logs: without the ICE password and addresses that a record would print.</summary>
    public override string ToString() => $"session {SessionId}";
}
