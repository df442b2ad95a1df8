using P2PCam.WebRtc.Rtp;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Receiving;

/// <summary>
/// Whose packets these are: a signal belongs to the source that it names (RFC 3550 sections 6.6 and 8.2, RFC 4588 section 5.3).
/// </summary>
internal sealed partial class VideoReceiver
{
    // Who may send under one SSRC may send under another; but two that take turns would never give a whole frame.
    private static readonly TimeSpan SourceSwitchAfter = TimeSpan.FromSeconds(1);
    private uint? _ssrc;
    private uint? _rtxSsrc;
    private TimeSpan? _leftAt;
    private bool _announcedCame;

    /// <summary>The stream's SSRC: as announced, or of the first packet.</summary>
    public uint? Ssrc => _ssrc;

    /// <summary>
    /// Since when nothing has come of a source that said goodbye; null while there is one, or another has taken its place.
    /// </summary>
    public TimeSpan? GoneSince => _leftAt is { } left ? (left > _lastPacket ? left : _lastPacket) : null;

    /// <summary>
    /// A source said goodbye (RFC 3550 section 6.6). When it is ours, the next one need not wait for its silence; any other is nobody here.
    /// </summary>
    public void HandleGoodbye(TimeSpan now, uint ssrc)
    {
        if (ssrc == _ssrc && _sequence.HasStarted)
        {
            _leftAt = now;
        }
    }

    /// <summary>
    /// Whether a packet is of the stream that is being put together. A sender that goes on under another SSRC (RFC 3550 section 8.2), or
    /// never used the one that it announced, is followed once the former has said goodbye or is silent; the announced one is taken as soon
    /// as it comes.
    /// </summary>
    private bool IsOurSource(TimeSpan now, uint ssrc)
    {
        var isAnnounced = ssrc == _options.RemoteSsrc;
        if (ssrc != _ssrc)
        {
            if (_sequence.HasStarted)
            {
                if (_leftAt is null && now - _lastPacket < SourceSwitchAfter && (!isAnnounced || _announcedCame))
                {
                    return false;
                }

                BeginSource(now);
            }

            _ssrc = ssrc;
        }

        _announcedCame |= isAnnounced;
        return true;
    }

    /// <summary>Whether this is a retransmission of what is missing here.</summary>
    public bool Misses(in RtpPacketView packet) =>
        TryFindFormat(packet.PayloadType, out var format) && packet.PayloadType == format.RtxPayloadType && _sequence.HasStarted
        && RtxPayload.TryUnwrap(packet.Payload, out var original, out _) && _missing.Contains(_sequence.Peek(original));

    private void BeginSource(TimeSpan now)
    {
        _packets.Clear();
        _missing.Clear();
        _assembler.Reset();
        (_sequence, _statistics) = (default, new ReceptionStatistics());
        (_leftAt, _rtxSsrc) = (null, null);
        _nextKeyFrameRequest = now + FirstKeyFrameRequestAfter;
    }

    /// <summary>
    /// Whether a retransmission is of our stream. Its SSRC is known by the first packet that was missing (RFC 4588 section 5.3); another
    /// one's numbers
    /// would lead astray, and no retransmission is newer than all that came.
    /// </summary>
    private bool IsOurRetransmission(uint ssrc, ushort original, out long sequenceNumber)
    {
        sequenceNumber = _sequence.Peek(original);
        if (_missing.Contains(sequenceNumber))
        {
            _rtxSsrc = ssrc;
            return true;
        }

        return ssrc == _rtxSsrc && sequenceNumber <= _sequence.Highest;
    }
}
