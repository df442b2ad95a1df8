using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace P2PCam.Diagnostics;

/// <summary>The instruments of all viewers that share a meter factory; beside <see cref="BroadcastInstruments"/> on the same meter.</summary>
internal sealed class ReceivingInstruments
{
    private static readonly ConditionalWeakTable<IMeterFactory, ReceivingInstruments> PerFactory = [];
    private static readonly Lazy<ReceivingInstruments> WithoutFactory = new(() => new ReceivingInstruments(new Meter(P2PCamTelemetry.MeterName, P2PCamTelemetry.Version)));
    private readonly Lock _gate = new();
    private ReceivingMetrics[] _viewers = [];

    private ReceivingInstruments(Meter meter)
    {
        Connections = meter.CreateCounter<long>("p2pcam.receiver.connections", "{connection}", "Times that a viewer negotiated its media; more than one for a call that was interrupted.");
        Failures = meter.CreateCounter<long>("p2pcam.receiver.failures", "{failure}", "Negotiations that failed, by error.type.");
        TimeToFirstFrame = Durations.Create(meter, "p2pcam.receiver.time_to_first_frame", "From connecting until the first whole frame has come.", Durations.Long);
        FramesReceived = meter.CreateCounter<long>("p2pcam.receiver.frames.received", "{frame}", "Whole compressed frames that came.");
        FramesDecoded = meter.CreateCounter<long>("p2pcam.receiver.frames.decoded", "{frame}", "Frames that were decoded.");
        FramesDropped = meter.CreateCounter<long>("p2pcam.receiver.frames.dropped", "{frame}", "Frames that came and reached no reader.");
        DecodeDuration = Durations.Create(meter, "p2pcam.receiver.decode.duration", "Time to decode one frame.", Durations.Short);
        PacketsReceived = meter.CreateCounter<long>("p2pcam.receiver.packets.received", "{packet}", "RTP packets that came, retransmissions included.");
        PacketsLost = meter.CreateCounter<long>("p2pcam.receiver.packets.lost", "{packet}", "RTP packets that never came, or too late.");
        NacksSent = meter.CreateCounter<long>("p2pcam.receiver.nacks", "{packet}", "Packets asked for again.");
        KeyFrameRequests = meter.CreateCounter<long>("p2pcam.receiver.key_frame.requests", "{request}", "Key frames asked for.");
        BytesReceived = meter.CreateCounter<long>("p2pcam.receiver.bytes.received", "By", "Bytes of RTP payload that came.");
        RoundTripTime = Durations.Create(meter, "p2pcam.receiver.rtt", "Round-trip time, once a second for each viewer.", Durations.Short);
        Jitter = Durations.Create(meter, "p2pcam.receiver.jitter", "Variation of packet arrival (RFC 3550), once a second for each viewer.", Durations.Short);
        meter.CreateObservableUpDownCounter("p2pcam.receivers", Observe, "{viewer}", "Viewers of this process that are joined.");
    }

    public Counter<long> Connections { get; }

    public Counter<long> Failures { get; }

    public Histogram<double> TimeToFirstFrame { get; }

    public Counter<long> FramesReceived { get; }

    public Counter<long> FramesDecoded { get; }

    public Counter<long> FramesDropped { get; }

    public Histogram<double> DecodeDuration { get; }

    public Counter<long> PacketsReceived { get; }

    public Counter<long> PacketsLost { get; }

    public Counter<long> NacksSent { get; }

    public Counter<long> KeyFrameRequests { get; }

    public Counter<long> BytesReceived { get; }

    public Histogram<double> RoundTripTime { get; }

    public Histogram<double> Jitter { get; }

    /// <summary>The instruments of a dependency-injection container, or those of the process where there is none.</summary>
    public static ReceivingInstruments For(IMeterFactory? factory) => factory is null
        ? WithoutFactory.Value
        : PerFactory.GetValue(factory, static f => new ReceivingInstruments(f.Create(P2PCamTelemetry.MeterName, P2PCamTelemetry.Version)));

    public void Add(ReceivingMetrics viewer)
    {
        lock (_gate)
        {
            _viewers = [.. _viewers, viewer];
        }
    }

    public void Remove(ReceivingMetrics viewer)
    {
        lock (_gate)
        {
            _viewers = [.. _viewers.Where(other => other != viewer)];
        }
    }

    private IEnumerable<Measurement<long>> Observe() =>
        _viewers.GroupBy(viewer => viewer.Stream, StringComparer.Ordinal).Select(stream => new Measurement<long>(stream.Count(), stream.First().Tag));
}
