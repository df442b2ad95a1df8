using System.Buffers;
using P2PCam.WebRtc.Receiving.Payloads;
using P2PCam.WebRtc.Rtcp;
using P2PCam.WebRtc.Rtp;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Receiving;

/// <summary>
/// One incoming stream: decrypted RTP goes in (by RTX or not, in any order, twice or never), whole frames come out in order and as soon
/// as they are whole. Asks for what is missing, for a key frame when that does not help, and reports how it goes.
/// </summary>
internal sealed partial class VideoReceiver : IDisposable
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    // A sender gives a newcomer a key frame unasked; asking at once would only make it two.
    private static readonly TimeSpan FirstKeyFrameRequestAfter = TimeSpan.FromMilliseconds(500);

    // An inter frame that comes first says that the key frame is lost, unless it only overtook it.
    private static readonly TimeSpan KeyFrameMayBeOvertakenBy = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan KeyFrameRequestInterval = TimeSpan.FromMilliseconds(300);

    private const int RoundTripsToWait = 5;
    private readonly VideoReceiverOptions _options;
    private readonly PacketBuffer _packets = new();
    private readonly PayloadReaders _readers;
    private readonly FrameAssembler _assembler;
    private readonly MissingPackets _missing = new();
    private readonly Queue<ReceivedFrame> _frames = new();
    private ReceptionStatistics _statistics = new();
    private ReceiverCounters _counters;
    private SequenceUnwrapper _sequence;
    private TimeSpan _lastPacket = TimeSpan.MinValue;
    private TimeSpan _nextReport = TimeSpan.MaxValue;
    private TimeSpan _nextKeyFrameRequest = TimeSpan.MaxValue;
    private TimeSpan _earliestKeyFrameRequest;
    private TimeSpan _maxWait;
    private bool _decoderNeedsKeyFrame;

    public VideoReceiver(VideoReceiverOptions options)
    {
        _options = options;
        _ssrc = options.RemoteSsrc;
        _maxWait = options.MaxWaitForPacket;
        _readers = new PayloadReaders(options.Formats);
        _assembler = new FrameAssembler(_packets, _readers);
    }

    public ReceiverCounters Counters => _counters with
    {
        Jitter = TimeSpan.FromSeconds(_statistics.Jitter / ReceptionStatistics.ClockRate),
    };

    /// <summary>Nobody takes the frames now: reports go on, and nothing is asked for.</summary>
    public bool IsIdle { get; set; }

    /// <summary>When <see cref="PollFeedback"/> wants to be called without anything having arrived.</summary>
    public TimeSpan NextTimeout
    {
        get
        {
            if (IsIdle)
            {
                return _nextReport;
            }

            var next = _options.AsksForMissing ? Min(_nextReport, _missing.NextDue()) : _nextReport;
            next = NeedsKeyFrame ? Min(next, _nextKeyFrameRequest) : next;
            return _missing.OldestSince is { } since ? Min(next, since + _maxWait) : next;
        }
    }

    private bool NeedsKeyFrame => _decoderNeedsKeyFrame || _assembler.NeedsKeyFrame;

    /// <summary>Whether packets of this type are of the stream or its retransmissions, and not of other media.</summary>
    public bool Takes(byte payloadType) => TryFindFormat(payloadType, out _);

    /// <summary>Takes one decrypted packet.</summary>
    /// <returns>Whether it carries media of the stream itself, and not only padding or what was sent before.</returns>
    public bool HandleRtp(TimeSpan now, ReadOnlySpan<byte> packet)
    {
        if (!RtpPacketView.TryParse(packet, out var view))
        {
            _counters.Malformed++;
            return false;
        }

        if (!TryFindFormat(view.PayloadType, out var format))
        {
            return false;
        }

        if (view.PayloadType == format.PayloadType)
        {
            if (!IsOurSource(now, view.Ssrc))
            {
                return false;
            }

            Start(now);
            _lastPacket = now;
            var sequenceNumber = Extend(now, view.SequenceNumber);
            _statistics.OnPacket(now, sequenceNumber, view.Timestamp);
            Take(now, new BufferedPacket { SequenceNumber = sequenceNumber, Timestamp = view.Timestamp, Marker = view.Marker, Codec = format.Codec }, view.Payload, isResent: false);
            return !view.Payload.IsEmpty;
        }

        if (_sequence.HasStarted && RtxPayload.TryUnwrap(view.Payload, out var original, out var payload)
            && IsOurRetransmission(view.Ssrc, original, out var resent))
        {
            _counters.RtxPackets++;
            Take(now, new BufferedPacket { SequenceNumber = resent, Timestamp = view.Timestamp, Marker = view.Marker, Codec = format.Codec }, payload, isResent: true);
        }

        return false;
    }

    /// <summary>Packets of the stream itself, retransmissions aside, that were sent and that arrived so far.</summary>
    public (long Expected, long Received) CountPackets() => (_statistics.Expected, _statistics.Received);

    public void HandleSenderReport(TimeSpan now, uint ssrc, NtpTimestamp sent)
    {
        if (ssrc == _ssrc)
        {
            _statistics.OnSenderReport(now, sent);
        }
    }

    /// <summary>Asks the sender for a key frame, because whoever decodes cannot go on; repeated until one comes.</summary>
    public void RequestKeyFrame(TimeSpan now)
    {
        _decoderNeedsKeyFrame = true;
        AskForKeyFrame(now);
    }

    /// <summary>The next whole frame; the caller returns its buffer to the shared array pool.</summary>
    public bool PollFrame(out ReceivedFrame frame) => _frames.TryDequeue(out frame);

    /// <summary>Writes the RTCP that is due: missing packets, a key-frame request, the report. False when nothing is due.</summary>
    public bool PollFeedback(TimeSpan now, TimeSpan? roundTripTime, Span<byte> buffer, out int length)
    {
        length = 0;
        if (_ssrc is not { } ssrc)
        {
            return false;
        }

        // Far away, a resend that gets lost as well is worth waiting for once more.
        _maxWait = TimeSpan.FromTicks(Math.Clamp((roundTripTime ?? default).Ticks * RoundTripsToWait, _options.MaxWaitForPacket.Ticks, 2 * _options.MaxWaitForPacket.Ticks));
        GiveUpOld(now);
        length += WriteReport(now, ssrc, buffer);
        if (IsIdle)
        {
            return length > 0;
        }

        length += WriteNack(now, roundTripTime, ssrc, buffer[length..]);
        if (NeedsKeyFrame && now >= _nextKeyFrameRequest)
        {
            _earliestKeyFrameRequest = _nextKeyFrameRequest = now + KeyFrameRequestInterval;
            _counters.KeyFrameRequests++;
            length += new PictureLossIndication(_options.LocalSsrc, ssrc).Write(buffer[length..]);
        }

        return length > 0;
    }

    public void Dispose()
    {
        _packets.Clear();
        while (_frames.TryDequeue(out var frame))
        {
            ArrayPool<byte>.Shared.Return(frame.Buffer);
        }
    }

    private bool TryFindFormat(byte payloadType, out RtpFormat format)
    {
        for (var i = 0; i < _options.Formats.Count; i++)
        {
            format = _options.Formats[i];
            if (format.PayloadType == payloadType || format.RtxPayloadType == payloadType)
            {
                return true;
            }
        }

        format = default;
        return false;
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    /// <summary>With the first packet reports begin, and the wait for a key frame.</summary>
    private void Start(TimeSpan now)
    {
        if (_nextReport == TimeSpan.MaxValue)
        {
            _nextReport = now + ReportInterval;
            _nextKeyFrameRequest = Min(_nextKeyFrameRequest, now + FirstKeyFrameRequestAfter);
        }
    }

    /// <summary>Extends a sequence number, and notes those that were skipped to get to it.</summary>
    private long Extend(TimeSpan now, ushort sequenceNumber)
    {
        var expected = _sequence.Highest + 1;
        var hasStarted = _sequence.HasStarted;
        var extended = _sequence.Unwrap(sequenceNumber);
        if (hasStarted && extended > expected)
        {
            _counters.PacketsLost += extended - expected;
        }

        if (hasStarted && extended > expected && !_missing.Add(now, expected, extended))
        {
            // Too much is missing to be worth repairing.
            _missing.Clear();
            Abandon(now);
        }

        return extended;
    }

    private void Take(TimeSpan now, BufferedPacket packet, ReadOnlySpan<byte> payload, bool isResent)
    {
        var sequenceNumber = packet.SequenceNumber;
        _counters.Packets++;
        _counters.Bytes += payload.Length;
        _counters.PacketsLost -= _missing.Remove(now, sequenceNumber, isResent) ? 1 : 0;
        if (sequenceNumber <= _sequence.Highest - PacketBuffer.Capacity || sequenceNumber < _assembler.Next || _packets.Contains(sequenceNumber))
        {
            _counters.Duplicates++;
            return;
        }

        if (payload.IsEmpty)
        {
            packet.Flags = PayloadFlags.Padding;
            _packets.Add(packet, default);
        }
        else if (_readers.Of(packet.Codec).TryRead(payload, out packet.Flags, out var data))
        {
            packet.OutputLength = _readers.Of(packet.Codec).Measure(data);
            _packets.Add(packet, data);
            if (_assembler.Next < 0 && packet.Is(PayloadFlags.FrameStart) && packet.Is(PayloadFlags.Picture)
                && !packet.Is(PayloadFlags.KeyFrameStart | PayloadFlags.KeyPicture))
            {
                var due = now + KeyFrameMayBeOvertakenBy;
                _nextKeyFrameRequest = Min(_nextKeyFrameRequest, due > _earliestKeyFrameRequest ? due : _earliestKeyFrameRequest);
            }
        }
        else
        {
            _counters.Malformed++;
            packet.Flags = PayloadFlags.Unusable;
            _packets.Add(packet, default);
        }

        Assemble(now);
    }

    private void Assemble(TimeSpan now)
    {
        var neededKeyFrame = _assembler.NeedsKeyFrame;
        while (_assembler.TryAssemble(now, _sequence.Highest, out var frame))
        {
            _missing.RemoveBefore(_assembler.Next);
            _counters.Frames++;
            _counters.KeyFrames += frame.IsKeyFrame ? 1 : 0;
            _decoderNeedsKeyFrame &= !frame.IsKeyFrame;
            Enqueue(now, frame);
        }

        if (_assembler.NeedsKeyFrame && !neededKeyFrame)
        {
            AskForKeyFrame(now);
        }
    }

    // The oldest frames go first; what is left must start on a key frame, or nobody could decode it.
    private void Enqueue(TimeSpan now, in ReceivedFrame frame)
    {
        _frames.Enqueue(frame);
        if (_frames.Count <= _options.MaxQueuedFrames)
        {
            return;
        }

        do
        {
            ArrayPool<byte>.Shared.Return(_frames.Dequeue().Buffer);
            _counters.FramesDropped++;
        }
        while (_frames.TryPeek(out var head) && !head.IsKeyFrame);
        if (_frames.Count == 0)
        {
            Abandon(now);
        }
    }

    private void Abandon(TimeSpan now)
    {
        _assembler.Abandon();
        AskForKeyFrame(now);
    }

    private void AskForKeyFrame(TimeSpan now) => _nextKeyFrameRequest = now > _earliestKeyFrameRequest ? now : _earliestKeyFrameRequest;

    private void GiveUpOld(TimeSpan now)
    {
        if (_missing.OldestSince is { } since && now - since >= _maxWait)
        {
            _missing.RemoveUntil(now - _maxWait);
            Abandon(now);
            Assemble(now);
        }
    }

    private int WriteReport(TimeSpan now, uint ssrc, Span<byte> buffer)
    {
        if (now < _nextReport)
        {
            return 0;
        }

        _nextReport = now + ReportInterval;
        var length = ReceiverReport.Write(buffer, _options.LocalSsrc, [_statistics.TakeReport(now, ssrc)]);
        return length + SourceDescription.WriteCname(buffer[length..], _options.LocalSsrc, _options.CanonicalName);
    }

    private int WriteNack(TimeSpan now, TimeSpan? roundTripTime, uint ssrc, Span<byte> buffer)
    {
        if (!_options.AsksForMissing)
        {
            return 0;
        }

        Span<ushort> due = stackalloc ushort[128];
        var count = _missing.TakeDue(now, roundTripTime, due);
        if (count == 0)
        {
            return 0;
        }

        _counters.NacksSent += count;
        return GenericNack.Write(buffer, _options.LocalSsrc, ssrc, due[..count], out _);
    }
}
