using System.Diagnostics.Metrics;

namespace P2PCam.Diagnostics;

/// <summary>Histograms of durations, in seconds, with advice for their buckets.</summary>
internal static class Durations
{
    /// <summary>For what people wait for.</summary>
    public static readonly double[] Long = [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 3, 5, 10, 30];

    /// <summary>For what happens to one frame or packet.</summary>
    public static readonly double[] Short = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.033, 0.05, 0.1, 0.2, 0.5, 1];

    public static Histogram<double> Create(Meter meter, string name, string description, double[] buckets) =>
        meter.CreateHistogram(name, "s", description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = buckets });
}
