using System.Buffers.Binary;
using P2PCam.WebRtc.Rtcp;
using P2PCam.WebRtc.Rtp;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Receiving;

/// <summary>Everything that comes in from one peer: the stream or its simulcast layers, and what is told about the path that they take.</summary>
internal sealed class IncomingVideo : IDisposable
{
    // RTCP is kept within what every path passes, protection included.
    private const int MaxFeedback = 1100;
    private static readonly TimeSpan EstimateInterval = TimeSpan.FromSeconds(1);
    private readonly IncomingVideoOptions _options;
    private readonly VideoLayer[] _layers;
    private readonly LayerDemultiplexer _demultiplexer;
    private readonly LayerSelection _selection;
    private readonly TransportArrivals _arrivals = new();
    private readonly BandwidthEstimate _estimate = new();
    private readonly ReceiveRate _rate = new();
    private TimeSpan _nextEstimate = TimeSpan.MaxValue;
    private TimeSpan _nextLoss = TimeSpan.MinValue;
    private (long Expected, long Received) _counted;
    private long _told;

    public IncomingVideo(IncomingVideoOptions options)
    {
        _options = options;
        _layers = options.Rids.Count == 0
            ? [new VideoLayer(null, new VideoReceiver(options.Stream))]
            : [.. options.Rids.Select(rid => new VideoLayer(rid, new VideoReceiver(options.Stream with { RemoteSsrc = null })))];
        _demultiplexer = new LayerDemultiplexer(options.Rids, options.Extensions);
        _selection = new LayerSelection(_layers);
    }

    /// <summary>The rids of simulcast; empty without.</summary>
    public IReadOnlyList<string> Layers => _options.Rids;

    /// <summary>The layer that frames come from; null before the first frame, and without simulcast.</summary>
    public string? CurrentLayer => _selection.Current?.Rid;

    /// <summary>What the last frame was compressed with; null before the first.</summary>
    public RtpVideoCodec? Codec => _selection.Codec;

    /// <summary>In pixels, of the last key frame that told; zero before.</summary>
    public (int Width, int Height) Size => _selection.Size;

    public ReceiverCounters Counters
    {
        get
        {
            var sum = _layers[0].Receiver.Counters;
            for (var i = 1; i < _layers.Length; i++)
            {
                sum = sum.Plus(_layers[i].Receiver.Counters);
            }

            return sum;
        }
    }

    /// <summary>What the path can take, in bits per second.</summary>
    public long EstimatedBitrate => _estimate.BitsPerSecond;

    /// <summary>When <see cref="PollFeedback"/> wants to be called without anything having arrived.</summary>
    public TimeSpan NextTimeout
    {
        get
        {
            var next = Min(_arrivals.NextTimeout, _nextEstimate);
            foreach (var layer in _layers)
            {
                next = Min(next, layer.Receiver.NextTimeout);
            }

            return next;
        }
    }

    /// <summary>
    /// Since when nothing is to be expected any more: every source that came has said goodbye, and none has taken its place.
    /// <see cref="TimeSpan.MaxValue"/>
    /// while there is one, and before the first.
    /// </summary>
    public TimeSpan GoneSince
    {
        get
        {
            var (since, gone) = (TimeSpan.MinValue, false);
            foreach (var layer in _layers)
            {
                if (layer.Receiver.GoneSince is { } left)
                {
                    (since, gone) = (left > since ? left : since, true);
                }
                else if (layer.HasCome)
                {
                    return TimeSpan.MaxValue;
                }
            }

            return gone ? since : TimeSpan.MaxValue;
        }
    }

    /// <summary>
    /// Bits per second of the video, retransmissions included; other media on the same transport count for its estimate only.
    /// </summary>
    public long GetReceivedRate(TimeSpan now) => _rate.Get(now);

    /// <summary>Chooses a layer, or with null leaves the choice to the rates; false when there is no such layer.</summary>
    public bool TrySelectLayer(TimeSpan now, string? rid)
    {
        var found = _selection.TrySelect(now, rid);
        UpdateIdle(now);
        return found;
    }

    /// <summary>Takes one decrypted packet.</summary>
    public void HandleRtp(TimeSpan now, ReadOnlySpan<byte> packet)
    {
        if (!RtpPacketView.TryParse(packet, out var view))
        {
            _layers[0].Receiver.HandleRtp(now, packet); // counts it
            return;
        }

        NoteArrival(now, view, packet.Length);
        if (!_layers[0].Receiver.Takes(view.PayloadType))
        {
            return;
        }

        _rate.Add(now, packet.Length);
        var index = _demultiplexer.Find(view);
        index = index < 0 ? FindByWhatIsMissing(view) : index;
        if (index >= 0)
        {
            var layer = _layers[index];
            if (layer.Receiver.HandleRtp(now, packet))
            {
                layer.OnMedia(now, packet.Length);
            }

            _selection.Review(now);
            UpdateIdle(now);
        }
    }

    // Retransmissions without a name (RFC 8852's repaired RID) are of whoever misses and asks for them (RFC 4588 section 5.3).
    private int FindByWhatIsMissing(in RtpPacketView packet)
    {
        var found = -1;
        for (var i = 0; i < _layers.Length; i++)
        {
            if (!_layers[i].Receiver.IsIdle && _layers[i].Receiver.Misses(packet))
            {
                if (found >= 0)
                {
                    return -1;
                }

                found = i;
            }
        }

        if (found >= 0)
        {
            _demultiplexer.Remember(packet.Ssrc, found);
        }

        return found;
    }

    /// <summary>A source says goodbye: its layer is gone at once, the others are not.</summary>
    public void HandleGoodbye(TimeSpan now, uint ssrc)
    {
        foreach (var layer in _layers)
        {
            layer.Receiver.HandleGoodbye(now, ssrc);
        }

        _selection.ReviewNow(now);
        UpdateIdle(now);
    }

    public void HandleSenderReport(TimeSpan now, uint ssrc, NtpTimestamp sent)
    {
        foreach (var layer in _layers)
        {
            layer.Receiver.HandleSenderReport(now, ssrc, sent);
        }
    }

    public void RequestKeyFrame(TimeSpan now) => _selection.RequestKeyFrame(now);

    public bool PollFrame(out ReceivedFrame frame) => _selection.PollFrame(out frame);

    /// <summary>Writes the RTCP that is due; false when nothing is.</summary>
    public bool PollFeedback(TimeSpan now, TimeSpan? roundTripTime, Span<byte> buffer, out int length)
    {
        foreach (var layer in _layers)
        {
            if (layer.Receiver.PollFeedback(now, roundTripTime, buffer, out length))
            {
                return true;
            }
        }

        buffer = buffer[..Math.Min(buffer.Length, MaxFeedback)];
        length = _options.SendsTransportFeedback
            ? _arrivals.Write(now, buffer, _options.Stream.LocalSsrc, _layers[0].Receiver.Ssrc ?? 0)
            : 0;
        if (length == 0)
        {
            length = WriteEstimate(now, buffer);
        }

        return length > 0;
    }

    public void Dispose()
    {
        foreach (var layer in _layers)
        {
            layer.Receiver.Dispose();
        }
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private void UpdateIdle(TimeSpan now)
    {
        foreach (var layer in _layers)
        {
            layer.Receiver.IsIdle = !_selection.IsWanted(now, layer);
        }
    }

    private void NoteArrival(TimeSpan now, in RtpPacketView packet, int length)
    {
        var ids = _options.Extensions;
        uint? sendTime = null;
        foreach (var extension in packet.Extensions)
        {
            if (extension.Id == ids.TransportSequenceNumber && extension.Data.Length >= 2 && _options.SendsTransportFeedback)
            {
                _arrivals.OnPacket(now, BinaryPrimitives.ReadUInt16BigEndian(extension.Data));
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
        var (expected, received) = (0L, 0L);
        foreach (var layer in _layers)
        {
            var counted = layer.Receiver.CountPackets();
            (expected, received) = (expected + counted.Expected, received + counted.Received);
        }

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
        Span<uint> sources = stackalloc uint[_layers.Length];
        var count = 0;
        foreach (var layer in _layers)
        {
            if (layer.Receiver.Ssrc is { } ssrc)
            {
                sources[count++] = ssrc;
            }
        }

        if (count == 0)
        {
            return 0;
        }

        _told = _estimate.BitsPerSecond;
        return ReceiverEstimatedMaxBitrate.Write(buffer, _options.Stream.LocalSsrc, (ulong)_told, sources[..count]);
    }
}
