namespace P2PCam;

/// <summary>Names to subscribe to; docs/diagnostics.md lists what is behind them.</summary>
public static class P2PCamTelemetry
{
    /// <summary>The meter of all metrics, for OpenTelemetry's <c>AddMeter</c> and for <c>dotnet-counters</c>.</summary>
    public const string MeterName = "P2PCam";

    /// <summary>The source of all traces, for OpenTelemetry's <c>AddSource</c>.</summary>
    public const string ActivitySourceName = "P2PCam";

    internal static string? Version { get; } = typeof(P2PCamTelemetry).Assembly.GetName().Version?.ToString(3);
}
