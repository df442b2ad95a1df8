namespace P2PCam.WebRtc.Rtp.Payloads;

/// <summary>
/// Cuts the frames of one stream into RTP payloads. A new codec is a new packetizer. Not for use by two threads at once.
/// </summary>
internal interface IFramePacketizer
{
    RtpVideoCodec Codec { get; }

    /// <summary>Cuts one frame; the caller owns the one reference of the result.</summary>
    /// <exception cref="ArgumentException">There is nothing in it that could be sent.</exception>
    PacketizedFrame Packetize(ReadOnlySpan<byte> frame, in FrameInfo info);
}
