using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Receiving;

/// <summary>What was negotiated for one incoming video stream, and the bounds of its receiver.</summary>
internal sealed record VideoReceiverOptions
{
    /// <summary>The SSRC that our own RTCP carries.</summary>
    public required uint LocalSsrc { get; init; }

    /// <summary>The codecs that the sender may use, by the payload type of each packet.</summary>
    public required IReadOnlyList<RtpFormat> Formats { get; init; }

    /// <summary>The stream's SSRC when the sender announced it; otherwise the first packet of a known payload type sets it.</summary>
    public uint? RemoteSsrc { get; init; }

    public required string CanonicalName { get; init; }

    /// <summary>Whether the sender resends what it is asked for (generic NACK). Otherwise a gap is only waited for, in case packets overtook each other.</summary>
    public bool AsksForMissing { get; init; } = true;

    /// <summary>How long a frame waits for a missing packet before it is given up and a key frame asked for; up to twice as long on long paths.</summary>
    public TimeSpan MaxWaitForPacket { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How many assembled frames may wait to be taken; the oldest go first.</summary>
    public int MaxQueuedFrames { get; init; } = 64;
}
