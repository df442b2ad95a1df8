using System.Diagnostics.Metrics;
using P2PCam.Diagnostics;
using P2PCam.TestKit.Measuring;

namespace P2PCam.Tests.Diagnostics;

public class MetricsAllocationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WhatIsToldPerFrame_AllocatesNothing(bool someoneListens)
    {
        var heard = 0L;
        using var listener = new MeterListener();
        if (someoneListens)
        {
            listener.InstrumentPublished = (instrument, to) =>
            {
                if (instrument.Meter.Name == P2PCamTelemetry.MeterName)
                {
                    to.EnableMeasurementEvents(instrument);
                }
            };
            listener.SetMeasurementEventCallback<long>((_, _, _, _) => Interlocked.Increment(ref heard));
            listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref heard));
            listener.Start();
        }

        using var metrics = new StreamMetrics(BroadcastInstruments.For(null), "allocations", () => 1, () => 1);
        Tell(metrics, 1000);
        Assert.Equal(0, SteadyState.LeastAllocated(() => Tell(metrics, 10_000)));
        Assert.Equal(someoneListens, Interlocked.Read(ref heard) >= 44_000);
    }

    private static void Tell(StreamMetrics metrics, int frames)
    {
        for (var i = 0; i < frames; i++)
        {
            metrics.FrameCaptured();
            metrics.FrameEncoded(isKeyFrame: i % 100 == 0, TimeSpan.FromMilliseconds(3));
            metrics.FramesDropped(DropReasons.EncoderBusy);
            metrics.SampleViewers();
        }
    }
}
