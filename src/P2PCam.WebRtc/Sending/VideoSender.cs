using P2PCam.WebRtc.Rtcp;
using P2PCam.WebRtc.Rtp;
using P2PCam.WebRtc.Rtp.Payloads;
using P2PCam.WebRtc.Srtp;

namespace P2PCam.WebRtc.Sending;

/// <summary>
/// One viewer's outgoing video: shared frames go in, protected packets come out, as many as fit in the caller's buffer side by side. What
/// is per viewer is header, encryption and history; the payload is encrypted straight from the shared frame into the buffer.
/// </summary>
internal sealed class VideoSender(VideoSenderOptions options, SrtpContext srtp) : IDisposable
{
    private const int MaxQueuedResends = 512;
    private static readonly TimeSpan MinResendInterval = TimeSpan.FromMilliseconds(10);
    private readonly SentFrameHistory _history = new(options.History);
    private readonly Queue<PacketizedFrame> _pending = new(options.MaxPendingFrames);
    private readonly Queue<ushort> _resends = new(MaxQueuedResends);
    private readonly byte[] _rtxPayload = new byte[2048];
    private readonly RtcpSenderState _report = new(options.Ssrc, options.CanonicalName);
    private int _nextPacket;
    private ushort _sequenceNumber = options.FirstSequenceNumber;
    private ushort _rtxSequenceNumber = options.FirstRtxSequenceNumber;
    private ushort _frameStart;
    private bool _waitsForKeyFrame = true;
    private RtpFormat _format;
    private RtpVideoCodec _lastCodec;

    public SenderCounters Counters { get; } = new();

    /// <summary>Whether nothing can be decoded before the next key frame: at the start, and after frames were left out.</summary>
    public bool WaitsForKeyFrame => _waitsForKeyFrame;

    /// <summary>Whether the viewer takes frames of this codec.</summary>
    public bool CanSend(RtpVideoCodec codec) => TryFindFormat(codec, out _);

    /// <summary>Takes a frame of a codec that <see cref="CanSend"/>, or leaves it out: a viewer that cannot keep up waits for the next key frame.</summary>
    public void Enqueue(PacketizedFrame frame)
    {
        // The first frame of another codec can refer to nothing that was sent.
        if ((_waitsForKeyFrame || frame.Codec != _lastCodec) && !frame.IsKeyFrame)
        {
            _waitsForKeyFrame = true;
            Counters.FramesDropped++;
            return;
        }

        if (_pending.Count >= options.MaxPendingFrames)
        {
            DropPending();
            if (!frame.IsKeyFrame)
            {
                _waitsForKeyFrame = true;
                Counters.FramesDropped++;
                return;
            }
        }

        (_waitsForKeyFrame, _lastCodec) = (false, frame.Codec);
        frame.AddReference();
        _pending.Enqueue(frame);
    }

    /// <summary>Notes a packet that the viewer misses (RFC 4585 generic NACK).</summary>
    public void QueueResend(ushort sequenceNumber)
    {
        Counters.NackedPackets++;
        if (_resends.Count < MaxQueuedResends)
        {
            _resends.Enqueue(sequenceNumber);
        }
    }

    /// <summary>Writes the next run of packets, all of <paramref name="segmentSize"/> bytes but perhaps the last; false when there is nothing to send.</summary>
    public bool TryFill(TimeSpan now, TimeSpan? roundTripTime, Span<byte> buffer, out int length, out int segmentSize)
    {
        while (_resends.TryDequeue(out var sequenceNumber))
        {
            if (_history.TryTake(now, sequenceNumber, roundTripTime ?? MinResendInterval, out var lost, out var index))
            {
                length = segmentSize = WriteResend(lost, index, sequenceNumber, buffer);
                if (length > 0)
                {
                    return true;
                }
            }
        }

        (length, segmentSize) = (0, 0);
        if (!_pending.TryPeek(out var frame))
        {
            return false;
        }

        if (_nextPacket == 0)
        {
            BeginFrame(now, frame);
        }

        // A run ends with the frame, with the buffer, behind a packet that is shorter, or before one that is longer.
        segmentSize = PacketSize(frame, _nextPacket);
        for (var isWhole = true; isWhole && _nextPacket < frame.PacketCount && buffer.Length - length >= segmentSize; _nextPacket++)
        {
            var size = PacketSize(frame, _nextPacket);
            if (size > segmentSize)
            {
                break;
            }

            isWhole = size == segmentSize;
            length += WritePacket(frame, _format.PayloadType, _nextPacket, _sequenceNumber++, buffer[length..]);
        }

        if (_nextPacket == frame.PacketCount)
        {
            _pending.Dequeue();
            frame.Release();
            _nextPacket = 0;
            Counters.FramesSent++;
        }

        return length > 0;
    }

    /// <summary>Writes a protected sender report with CNAME (RFC 3550 section 6.4.1); 0 before the first packet.</summary>
    public int WriteReport(TimeSpan now, NtpTimestamp ntpNow, Span<byte> destination) =>
        _report.IsSilent ? 0 : srtp.ProtectRtcp(destination, _report.WriteReport(destination, now, ntpNow));

    /// <summary>Writes a protected goodbye: a last report, which must lead a compound, and BYE (RFC 3550 section 6.6).</summary>
    public int WriteGoodbye(TimeSpan now, NtpTimestamp ntpNow, Span<byte> destination)
    {
        var length = _report.WriteReport(destination, now, ntpNow);
        length += Goodbye.Write(destination[length..], [options.Ssrc]);
        return srtp.ProtectRtcp(destination, length);
    }

    public void Dispose()
    {
        DropPending();
        _history.Clear();
    }

    private void BeginFrame(TimeSpan now, PacketizedFrame frame)
    {
        _frameStart = _sequenceNumber;
        TryFindFormat(frame.Codec, out _format);
        _history.Add(now, frame, _frameStart);
    }

    private int PacketSize(PacketizedFrame frame, int index) => RtpHeader.FixedLength + frame.GetPayload(index).Length + srtp.RtpOverhead;

    private bool TryFindFormat(RtpVideoCodec codec, out RtpFormat format)
    {
        for (var i = 0; i < options.Formats.Count; i++)
        {
            format = options.Formats[i];
            if (format.Codec == codec)
            {
                return true;
            }
        }

        format = default;
        return false;
    }

    private int WritePacket(PacketizedFrame frame, byte payloadType, int index, ushort sequenceNumber, Span<byte> destination)
    {
        var payload = frame.GetPayload(index);
        var header = new RtpHeader(payloadType, index == frame.PacketCount - 1, sequenceNumber, frame.RtpTimestamp + options.TimestampOffset, options.Ssrc);
        header.Write(destination);
        var length = srtp.ProtectRtp(destination, RtpHeader.FixedLength, payload);
        _report.OnPacketSent(payload.Length, header.Timestamp, frame.CaptureTime);
        Counters.CountPacket(length);
        return length;
    }

    private int WriteResend(PacketizedFrame frame, int index, ushort sequenceNumber, Span<byte> destination)
    {
        if (!TryFindFormat(frame.Codec, out var format) || !format.Resends)
        {
            return 0;
        }

        Counters.PacketsResent++;
        if (format.RtxPayloadType is not { } rtx)
        {
            // The very same bytes under the very same SRTP index: encrypting anything else with it would break AES-GCM.
            return WritePacket(frame, format.PayloadType, index, sequenceNumber, destination);
        }

        var payload = frame.GetPayload(index);
        var length = RtxPayload.Wrap(payload, sequenceNumber, _rtxPayload);
        var header = new RtpHeader(rtx, index == frame.PacketCount - 1, _rtxSequenceNumber++, frame.RtpTimestamp + options.TimestampOffset, options.RtxSsrc);
        header.Write(destination);
        var total = srtp.ProtectRtp(destination, RtpHeader.FixedLength, _rtxPayload.AsSpan(0, length));
        Counters.CountPacket(total);
        return total;
    }

    private void DropPending()
    {
        // A frame whose first packets are out already is cut off as well: its rest is of no use without a viewer that can keep up.
        while (_pending.TryDequeue(out var frame))
        {
            frame.Release();
            Counters.FramesDropped++;
        }

        _nextPacket = 0;
    }
}
