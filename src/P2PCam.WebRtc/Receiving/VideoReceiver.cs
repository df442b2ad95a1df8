using System.Buffers;
using P2PCam.WebRtc.Rtcp;
using P2PCam.WebRtc.Rtp;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Receiving;

/// <summary>
/// One incoming VP8 stream: decrypted RTP goes in (by RTX or not, in any order, twice or never), whole frames come out in order. Asks for
/// what is missing, for a key frame when that does not help, and reports how it goes.
/// </summary>
internal sealed class VideoReceiver : IDisposable
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    // A sender gives a newcomer a key frame unasked; asking at once would only make it two.
    private static readonly TimeSpan FirstKeyFrameRequestAfter = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan KeyFrameRequestInterval = TimeSpan.FromMilliseconds(300);
    private readonly VideoReceiverOptions _options;
    private readonly PacketBuffer _packets = new();
    private readonly FrameAssembler _assembler;
    private readonly MissingPackets _missing = new();
    private readonly ReceptionStatistics _statistics = new();
    private readonly Queue<ReceivedFrame> _frames = new();
    private SequenceUnwrapper _sequence;
    private uint? _ssrc;
    private TimeSpan _nextReport = TimeSpan.MaxValue;
    private TimeSpan _nextKeyFrameRequest = TimeSpan.MaxValue;

    public VideoReceiver(VideoReceiverOptions options)
    {
        _options = options;
        _ssrc = options.RemoteSsrc;
        _assembler = new FrameAssembler(_packets);
    }

    public ReceiverCounters Counters { get; } = new();

    /// <summary>When <see cref="PollFeedback"/> wants to be called without anything having arrived.</summary>
    public TimeSpan NextTimeout
    {
        get
        {
            var next = Min(_nextReport, _missing.NextDue());
            next = _assembler.NeedsKeyFrame ? Min(next, _nextKeyFrameRequest) : next;
            return _missing.OldestSince is { } since ? Min(next, since + _options.MaxWaitForPacket) : next;
        }
    }

    /// <summary>Takes one decrypted packet.</summary>
    public void HandleRtp(TimeSpan now, ReadOnlySpan<byte> packet)
    {
        if (!RtpPacketView.TryParse(packet, out var view))
        {
            Counters.Malformed++;
            return;
        }

        if (view.PayloadType == _options.PayloadType && (_ssrc is null || _ssrc == view.Ssrc))
        {
            _ssrc = view.Ssrc;
            var sequenceNumber = Extend(now, view.SequenceNumber);
            _statistics.OnPacket(now, sequenceNumber, view.Timestamp);
            Take(now, sequenceNumber, view.Timestamp, view.Marker, view.Payload);
        }
        else if (view.PayloadType == _options.RtxPayloadType && _ssrc is not null && RtxPayload.TryUnwrap(view.Payload, out var original, out var payload))
        {
            Counters.RtxPackets++;
            Take(now, Extend(now, original), view.Timestamp, view.Marker, payload);
        }

        if (_nextReport == TimeSpan.MaxValue)
        {
            _nextReport = now + ReportInterval;
            _nextKeyFrameRequest = now + FirstKeyFrameRequestAfter;
        }
    }

    public void HandleSenderReport(TimeSpan now, uint ssrc, NtpTimestamp sent)
    {
        if (ssrc == _ssrc)
        {
            _statistics.OnSenderReport(now, sent);
        }
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

        GiveUpOld(now);
        length += WriteReport(now, ssrc, buffer);
        length += WriteNack(now, roundTripTime, ssrc, buffer[length..]);
        if (_assembler.NeedsKeyFrame && now >= _nextKeyFrameRequest)
        {
            _nextKeyFrameRequest = now + KeyFrameRequestInterval;
            Counters.KeyFrameRequests++;
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

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    /// <summary>Extends a sequence number, and notes those that were skipped to get to it.</summary>
    private long Extend(TimeSpan now, ushort sequenceNumber)
    {
        var expected = _sequence.Highest + 1;
        var hasStarted = _sequence.HasStarted;
        var extended = _sequence.Unwrap(sequenceNumber);
        if (hasStarted && extended > expected && !_missing.Add(now, expected, extended))
        {
            // Too much is missing to be worth repairing.
            _missing.Clear();
            _assembler.Abandon();
        }

        return extended;
    }

    private void Take(TimeSpan now, long sequenceNumber, uint timestamp, bool marker, ReadOnlySpan<byte> payload)
    {
        Counters.Packets++;
        _missing.Remove(sequenceNumber);
        if (sequenceNumber <= _sequence.Highest - PacketBuffer.Capacity || sequenceNumber < _assembler.Next || _packets.Contains(sequenceNumber))
        {
            Counters.Duplicates++;
            return;
        }

        if (!Vp8PayloadDescriptor.TryParse(payload, out var descriptor, out var data))
        {
            // Padding and probes: they take a place in the sequence, and nothing else.
            Counters.Malformed += payload.IsEmpty ? 0 : 1;
            return;
        }

        var packet = new BufferedPacket
        {
            SequenceNumber = sequenceNumber,
            Timestamp = timestamp,
            Marker = marker,
            IsFrameStart = descriptor.IsFrameStart,
            IsKeyFrameStart = descriptor.IsFrameStart && Vp8FrameTag.IsKeyFrameStart(data[0]),
        };
        _packets.Add(packet, data);
        Assemble(now);
    }

    private void Assemble(TimeSpan now)
    {
        while (_assembler.TryAssemble(now, _sequence.Highest, out var frame))
        {
            _missing.RemoveBefore(_assembler.Next);
            Counters.Frames++;
            if (_frames.Count >= _options.MaxQueuedFrames)
            {
                ArrayPool<byte>.Shared.Return(_frames.Dequeue().Buffer);
                Counters.FramesDropped++;
            }

            _frames.Enqueue(frame);
        }
    }

    private void GiveUpOld(TimeSpan now)
    {
        if (_missing.OldestSince is { } since && now - since >= _options.MaxWaitForPacket)
        {
            _missing.Clear();
            _assembler.Abandon();
            _nextKeyFrameRequest = Min(_nextKeyFrameRequest, now);
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
        Span<ushort> due = stackalloc ushort[128];
        var count = _missing.TakeDue(now, roundTripTime, due);
        if (count == 0)
        {
            return 0;
        }

        Counters.NacksSent += count;
        return GenericNack.Write(buffer, _options.LocalSsrc, ssrc, due[..count], out _);
    }
}
