using System.Diagnostics.Metrics;
using P2PCam.Diagnostics;
using P2PCam.TestKit;

namespace P2PCam.Tests.Diagnostics;

public class MetricsDocumentationTests
{
    [Fact]
    public void DiagnosticsMd_ListsEveryInstrumentWithKindAndUnit()
    {
        var actual = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == P2PCamTelemetry.MeterName && instrument.Meter.Scope is null)
            {
                actual.Add($"{instrument.Name} {instrument.GetType().Name.Split('`')[0]} {instrument.Unit}");
            }
        };
        _ = BroadcastInstruments.For(null);
        _ = ReceivingInstruments.For(null);
        listener.Start();

        var documented = File.ReadLines(Path.Combine(Repository.Root, "docs", "diagnostics.md"))
            .Where(line => line.StartsWith("| `p2pcam.", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length > 5)
            .Select(cells => $"{cells[1].Trim('`')} {cells[2]} {cells[3].Trim('`')}");

        Assert.Equal(actual.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }
}
