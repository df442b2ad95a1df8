using P2PCam.WebRtc.Rtcp;

namespace P2PCam.WebRtc.Tests.Rtcp;

public class RtcpSenderStateTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void WriteReport_AfterPackets_CountsThemAndMovesTheRtpClockOn()
    {
        var state = new RtcpSenderState(77, "cam");
        Assert.True(state.IsSilent);
        state.OnPacketSent(1000, uint.MaxValue - 44_999, TimeSpan.FromSeconds(10));
        state.OnPacketSent(500, uint.MaxValue - 44_999, TimeSpan.FromSeconds(10));
        Assert.False(state.IsSilent);

        var buffer = new byte[RtcpSenderState.MaxReportLength];
        var ntp = NtpTimestamp.From(Noon);
        var length = state.WriteReport(buffer, TimeSpan.FromSeconds(11), ntp);

        Assert.Equal("SenderReport(0:0) SourceDescription(77/1/cam)", RtcpTestExtensions.Describe(buffer.AsSpan(0, length)));
        var reader = new RtcpCompoundReader(buffer.AsSpan(0, length));
        Assert.True(reader.MoveNext());
        Assert.True(SenderReport.TryParse(reader.Current, out var report));
        Assert.Equal((2u, 1500u, ntp), (report.PacketCount, report.OctetCount, report.NtpTime));
        Assert.Equal(45_000u, report.RtpTimestamp); // a second of 90 kHz on, across the wrap
    }

    [Fact]
    public void WriteReport_LongestCname_FitsTheRoomItNames()
    {
        var state = new RtcpSenderState(1, new string('c', 255));
        Assert.InRange(
            state.WriteReport(new byte[RtcpSenderState.MaxReportLength], default, default),
            280,
            RtcpSenderState.MaxReportLength);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.25, 0.05)]
    [InlineData(12.5, 11.875)]
    public void RoundTripTime_DelayAtTheOtherSide_IsTakenOff(double afterSeconds, double heldSeconds)
    {
        var sent = NtpTimestamp.From(Noon);
        var report = new ReportBlock(1, 0, 0, 0, 0, sent.Compact, (uint)(heldSeconds * 65536));
        var roundTrip = RoundTripTime.From(report, sent + TimeSpan.FromSeconds(afterSeconds));
        Assert.Equal(afterSeconds - heldSeconds, roundTrip!.Value.TotalSeconds, 0.0001);
    }

    [Theory]
    [InlineData(0u, 0u)]              // no SR was received yet
    [InlineData(1u, 0u)]              // an SR of hours ago
    [InlineData(0x7FFFFFFFu, 0x7FFFFFFFu)]
    public void RoundTripTime_NumbersThatMakeNoSense_GiveNone(uint lastReport, uint delay) =>
        Assert.Null(RoundTripTime.From(new ReportBlock(1, 0, 0, 0, 0, lastReport, delay), NtpTimestamp.From(Noon)));

    [Fact]
    public void RoundTripTime_RoundedBelowZero_IsZero()
    {
        var sent = NtpTimestamp.From(Noon);
        Assert.Equal(TimeSpan.Zero, RoundTripTime.From(new ReportBlock(1, 0, 0, 0, 0, sent.Compact, 10), sent));
        Assert.Null(RoundTripTime.From(new ReportBlock(1, 0, 0, 0, 0, sent.Compact, 1000), sent));
    }

    [Theory]
    [InlineData("1900-01-01T00:00:00Z", 0x0000000000000000ul)]
    [InlineData("1970-01-01T00:00:00Z", 0x83AA7E8000000000ul)]  // RFC 5905: 2,208,988,800 s
    [InlineData("2026-11-23T12:00:00.5Z", 0xEEAEA94080000000ul)]
    [InlineData("2036-02-07T06:28:16Z", 0x0000000000000000ul)]  // the next era
    public void NtpTimestamp_From_CountsSince1900(string time, ulong expected)
    {
        var when = DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
        var ntp = NtpTimestamp.From(when);
        Assert.Equal(expected, ntp.Value);
        Assert.Equal(when, ntp.ToDateTimeOffset(when.AddYears(when.Year > 1950 ? -20 : 20)));
    }
}
