using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace P2PCam.Diagnostics;

/// <summary>The instruments of all broadcasters that share a meter factory. Names in OpenTelemetry's style, units by UCUM.</summary>
internal sealed class BroadcastInstruments
{
    private static readonly ConditionalWeakTable<IMeterFactory, BroadcastInstruments> PerFactory = [];
    private static readonly Lazy<BroadcastInstruments> WithoutFactory = new(() => new BroadcastInstruments(new Meter(P2PCamTelemetry.MeterName, P2PCamTelemetry.Version)));
    private readonly Lock _gate = new();
    private StreamMetrics[] _streams = [];

    private BroadcastInstruments(Meter meter)
    {
        Joins = meter.CreateCounter<long>("p2pcam.viewer.joins", "{viewer}", "Viewers that connected.");
        Failures = meter.CreateCounter<long>("p2pcam.viewer.failures", "{viewer}", "Viewers that were refused, did not connect or were lost, by error.type.");
        ConnectDuration = Durations.Create(meter, "p2pcam.viewer.connect.duration", "From a viewer's offer until it is connected.", Durations.Long);
        TimeToFirstFrame = Durations.Create(meter, "p2pcam.viewer.time_to_first_frame", "From a viewer's offer until its first frame is sent.", Durations.Long);
        RoundTripTime = Durations.Create(meter, "p2pcam.viewer.rtt", "Round-trip time, once a second for each connected viewer.", Durations.Short);
        PacketLoss = meter.CreateHistogram(
            "p2pcam.viewer.packet_loss", "1", "Share of packets lost on the way, once a second for each connected viewer.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5] });
        KeyFrameRequests = meter.CreateCounter<long>("p2pcam.key_frame.requests", "{request}", "Key frames that viewers asked for (PLI, FIR).");
        FramesCaptured = meter.CreateCounter<long>("p2pcam.frames.captured", "{frame}", "Frames taken from the source.");
        FramesEncoded = meter.CreateCounter<long>("p2pcam.frames.encoded", "{frame}", "Frames encoded, by p2pcam.frame.type.");
        FramesSent = meter.CreateCounter<long>("p2pcam.frames.sent", "{frame}", "Frames sent, summed over viewers.");
        FramesDropped = meter.CreateCounter<long>("p2pcam.frames.dropped", "{frame}", "Frames left out, by p2pcam.drop.reason.");
        EncodeDuration = Durations.Create(meter, "p2pcam.encode.duration", "Time to convert and encode one frame.", Durations.Short);
        PacketsSent = meter.CreateCounter<long>("p2pcam.packets.sent", "{packet}", "RTP packets sent, resent ones included, summed over viewers.");
        PacketsResent = meter.CreateCounter<long>("p2pcam.packets.resent", "{packet}", "RTP packets sent again after a NACK, summed over viewers.");
        BytesSent = meter.CreateCounter<long>("p2pcam.bytes.sent", "By", "Bytes of SRTP sent, summed over viewers; headers of UDP and IP not included.");
        SignalingReconnects = meter.CreateCounter<long>("p2pcam.signaling.reconnects", "{reconnect}", "Signaling connections that broke and came back.");
        SourceRestarts = meter.CreateCounter<long>("p2pcam.source.restarts", "{restart}", "Times that the source failed or ended and was opened again.");
        SourceInterruptions = meter.CreateCounter<long>("p2pcam.source.interruptions", "{interruption}", "Times that the source's pictures stopped, by error.type.");
        SlatesSent = meter.CreateCounter<long>("p2pcam.slate.frames", "{frame}", "Stills with words, sent where the source yields no pictures.");
        KeyFramesAsked = meter.CreateCounter<long>("p2pcam.key_frame.upstream_requests", "{request}", "Key frames that a source of compressed video was asked for.");
        meter.CreateObservableUpDownCounter("p2pcam.source.state", ObserveStates, "{source}", "1 for the state that the source is in, 0 for the others, by p2pcam.source.state.");
        meter.CreateObservableUpDownCounter("p2pcam.viewers", () => Observe(static stream => stream.Viewers), "{viewer}", "Viewers connected now.");
        meter.CreateObservableGauge("p2pcam.bitrate.target", () => Observe(static stream => stream.TargetBitrate), "bit/s", "Bit rate that the encoder aims at.");
    }

    public Counter<long> Joins { get; }

    public Counter<long> Failures { get; }

    public Histogram<double> ConnectDuration { get; }

    public Histogram<double> TimeToFirstFrame { get; }

    public Histogram<double> RoundTripTime { get; }

    public Histogram<double> PacketLoss { get; }

    public Counter<long> KeyFrameRequests { get; }

    public Counter<long> FramesCaptured { get; }

    public Counter<long> FramesEncoded { get; }

    public Counter<long> FramesSent { get; }

    public Counter<long> FramesDropped { get; }

    public Histogram<double> EncodeDuration { get; }

    public Counter<long> PacketsSent { get; }

    public Counter<long> PacketsResent { get; }

    public Counter<long> BytesSent { get; }

    public Counter<long> SignalingReconnects { get; }

    public Counter<long> SourceRestarts { get; }

    public Counter<long> SourceInterruptions { get; }

    public Counter<long> SlatesSent { get; }

    public Counter<long> KeyFramesAsked { get; }

    /// <summary>The instruments of a dependency-injection container, or those of the process where there is none.</summary>
    public static BroadcastInstruments For(IMeterFactory? factory) => factory is null
        ? WithoutFactory.Value
        : PerFactory.GetValue(factory, static f => new BroadcastInstruments(f.Create(P2PCamTelemetry.MeterName, P2PCamTelemetry.Version)));

    /// <summary>Lets what can only be asked for, such as the number of viewers, be observed from now on.</summary>
    public void Add(StreamMetrics stream)
    {
        lock (_gate)
        {
            _streams = [.. _streams, stream];
        }
    }

    public void Remove(StreamMetrics stream)
    {
        lock (_gate)
        {
            _streams = [.. _streams.Where(other => other != stream)];
        }
    }

    private IEnumerable<Measurement<long>> ObserveStates() => _streams.SelectMany(
        stream => SourceStates.All.Select(state => new Measurement<long>(state == stream.SourceState ? 1 : 0, stream.Tag, new(TagNames.SourceState, state))));

    private IEnumerable<Measurement<long>> Observe(Func<StreamMetrics, long> read) => _streams.Select(stream => new Measurement<long>(read(stream), stream.Tag));
}
