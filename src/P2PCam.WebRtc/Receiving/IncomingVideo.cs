using P2PCam.WebRtc.Rtcp;
using P2PCam.WebRtc.Rtp;

namespace P2PCam.WebRtc.Receiving;

/// <summary>Everything that comes in from one peer: the stream, and what is told about the path that it takes.</summary>
internal sealed class IncomingVideo : IDisposable
{
    // RTCP is kept within what every path passes, protection included.
    private const int MaxFeedback = 1100;
    private static readonly TimeSpan EstimateInterval = TimeSpan.FromSeconds(1);
    private readonly IncomingVideoOptions _options;
    private readonly VideoReceiver _stream;
    private readonly TransportArrivals _arrivals = new();
    private readonly BandwidthEstimate _estimate = new();
    private TimeSpan _nextEstimate = TimeSpan.MaxValue;
    private TimeSpan _nextLoss = TimeSpan.MinValue;
    private (long Expected, long Received) _counted;
    private long _told;

    public IncomingVideo(IncomingVideoOptions options)
    {
        _options = options;
        _stream = new VideoReceiver(options.Stream);
    }

    public ReceiverCounters Counters => _stream.Counters;

    /// <summary>What the path can take, in bits per second.</summary>
    public long EstimatedBitrate => _estimate.BitsPerSecond;

    /// <summary>When <see cref="PollFeedback"/> wants to be called without anything having arrived.</summary>
    public TimeSpan NextTimeout => Min(_stream.NextTimeout, Min(_arrivals.NextTimeout, _nextEstimate));

    public long GetReceivedRate(TimeSpan now) => _estimate.GetReceivedRate(now);

    /// <summary>Takes one decrypted packet.</summary>
    public void HandleRtp(TimeSpan now, ReadOnlySpan<byte> packet)
    {
        if (RtpPacketView.TryParse(packet, out var view))
        {
            NoteArrival(now, view, packet.Length);
        }

        _stream.HandleRtp(now, packet);
    }

    public void HandleSenderReport(TimeSpan now, uint ssrc, NtpTimestamp sent) => _stream.HandleSenderReport(now, ssrc, sent);

    public void RequestKeyFrame(TimeSpan now) => _stream.RequestKeyFrame(now);

    public bool PollFrame(out ReceivedFrame frame) => _stream.PollFrame(out frame);

    /// <summary>Writes the RTCP that is due; false when nothing is.</summary>
    public bool PollFeedback(TimeSpan now, TimeSpan? roundTripTime, Span<byte> buffer, out int length)
    {
        if (_stream.PollFeedback(now, roundTripTime, buffer, out length))
        {
            return true;
        }

        buffer = buffer[..Math.Min(buffer.Length, MaxFeedback)];
        length = _options.SendsTransportFeedback
            ? _arrivals.Write(now, buffer, _options.Stream.LocalSsrc, _stream.Ssrc ?? 0)
            : 0;
        if (length == 0)
        {
            length = WriteEstimate(now, buffer);
        }

        return length > 0;
    }

    public void Dispose() => _stream.Dispose();

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private void NoteArrival(TimeSpan now, in RtpPacketView packet, int length)
    {
        var ids = _options.Extensions;
        uint? sendTime = null;
        foreach (var extension in packet.Extensions)
        {
            if (extension.Id == ids.TransportSequenceNumber && extension.Data.Length >= 2 && _options.SendsTransportFeedback)
            {
                _arrivals.OnPacket(now, System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(extension.Data));
            }
            else if (extension.Id == ids.AbsoluteSendTime && AbsoluteSendTime.TryRead(extension.Data, out var value))
            {
                sendTime = value;
            }
        }

        _estimate.OnPacket(now, length, sendTime);
        if (now >= _nextLoss)
        {
            NoteLoss(now);
        }

        if (_options.SendsEstimate && (_nextEstimate == TimeSpan.MaxValue || HasFallen()))
        {
            _nextEstimate = now;
        }
    }

    private bool HasFallen() => _estimate.BitsPerSecond < _told * 97 / 100;

    private void NoteLoss(TimeSpan now)
    {
        _nextLoss = now + EstimateInterval;
        var (expected, received) = _stream.CountPackets();
        var (newExpected, newReceived) = (expected - _counted.Expected, received - _counted.Received);
        _counted = (expected, received);
        if (newExpected > 0 && newReceived >= 0)
        {
            _estimate.OnLoss(now, Math.Max(0, 1 - ((double)newReceived / newExpected)));
        }
    }

    private int WriteEstimate(TimeSpan now, Span<byte> buffer)
    {
        if (now < _nextEstimate)
        {
            return 0;
        }

        _nextEstimate = now + EstimateInterval;
        if (_stream.Ssrc is not { } ssrc)
        {
            return 0;
        }

        _told = _estimate.BitsPerSecond;
        return ReceiverEstimatedMaxBitrate.Write(buffer, _options.Stream.LocalSsrc, (ulong)_told, [ssrc]);
    }
}
