namespace P2PCam.WebRtc.Rtcp;

/// <summary>
/// The round trip that a report block lets its sender compute (RFC 3550 section 6.4.1): A - LSR - DLSR, all in 1/65536 s, where A is the
/// compact NTP time of the report's arrival.
/// </summary>
internal static class RoundTripTime
{
    private const int SecondBits = 16;

    /// <summary>More than this is a forged or broken report: no session lives with a minute of delay.</summary>
    private const int Maximum = 60 << SecondBits;

    /// <summary>How far rounding on both sides may push a short round trip below zero (1 ms).</summary>
    private const int Rounding = (1 << SecondBits) / 1000;

    /// <summary>The round trip, or null when the other side had no report of ours yet or the numbers make no sense.</summary>
    public static TimeSpan? From(in ReportBlock report, NtpTimestamp arrival)
    {
        if (report.LastSenderReport == 0)
        {
            return null;
        }

        var units = (int)(arrival.Compact - report.LastSenderReport - report.DelaySinceLastSenderReport);
        return units is >= -Rounding and <= Maximum ? NtpTimestamp.FromUnits(Math.Max(units, 0), SecondBits) : null;
    }
}
