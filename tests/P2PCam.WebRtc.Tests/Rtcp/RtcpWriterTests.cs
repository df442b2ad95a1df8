using System.Text;
using P2PCam.WebRtc.Rtcp;

namespace P2PCam.WebRtc.Tests.Rtcp;

public class RtcpWriterTests
{
    private readonly byte[] _buffer = [.. Enumerable.Repeat((byte)0xAA, 1500)];

    [Fact]
    public void SenderReport_RoundTrip_KeepsEachField()
    {
        var info = new SenderInfo(1, new NtpTimestamp(0x0102030405060708), 3, uint.MaxValue, 5);
        var blocks = new[] { new ReportBlock(7, 255, -8_388_608, 9, 10, 11, 12), new ReportBlock(8, 1, 8_388_607, uint.MaxValue, 0, 0, 0) };
        var length = SenderReport.Write(_buffer, info, blocks);

        Assert.True(SenderReport.TryParse(RtcpTestExtensions.Single(_buffer.AsSpan(0, length)), out var read));
        Assert.Equal(info, new SenderInfo(read.SenderSsrc, read.NtpTime, read.RtpTimestamp, read.PacketCount, read.OctetCount));
        Assert.Equal((blocks[0], blocks[1]), (read.Reports[0], read.Reports[1]));
        Assert.Equal(2, read.Reports.Count);
    }

    [Fact]
    public void ReceiverReport_RoundTrip_KeepsEachField()
    {
        var blocks = Enumerable.Range(0, 31).Select(i => new ReportBlock((uint)i, (byte)i, i, 1, 2, 3, 4)).ToArray();
        var length = ReceiverReport.Write(_buffer, 99, blocks);

        Assert.True(ReceiverReport.TryParse(RtcpTestExtensions.Single(_buffer.AsSpan(0, length)), out var read));
        Assert.Equal((99u, 31), (read.SenderSsrc, read.Reports.Count));
        Assert.Equal(blocks[30], read.Reports[30]);
        Assert.Throws<ArgumentOutOfRangeException>(() => ReceiverReport.Write(_buffer, 1, new ReportBlock[32]));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("ab")]
    [InlineData("abc")]
    [InlineData("abcd")]
    [InlineData("kämera-0123456789")]
    public void Cname_RoundTrip_EndsWithZerosOnAWord(string cname)
    {
        var length = SourceDescription.WriteCname(_buffer, 7, cname);
        Assert.Equal(0, length % 4);
        Assert.Equal(0, _buffer[length - 1]);
        Assert.Equal($"SourceDescription(7/1/{cname})", RtcpTestExtensions.Describe(_buffer.AsSpan(0, length)));
    }

    [Fact]
    public void Cname_EmptyOrTooLong_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SourceDescription.WriteCname(_buffer, 7, ""));
        Assert.Throws<ArgumentOutOfRangeException>(() => SourceDescription.WriteCname(_buffer, 7, new string('x', 256)));
        Assert.True(SourceDescription.WriteCname(_buffer, 7, new string('x', 255)) > 255);
    }

    [Theory]
    [InlineData("")]
    [InlineData("done")]
    [InlineData("abc")]
    public void Goodbye_RoundTrip_KeepsSourcesAndReason(string reason)
    {
        var length = Goodbye.Write(_buffer, [1, 0xFFFFFFFF], reason);
        Assert.True(Goodbye.TryParse(RtcpTestExtensions.Single(_buffer.AsSpan(0, length)), out var read));
        Assert.Equal(
            (2, 1u, 0xFFFFFFFFu, reason),
            (read.Count, read.GetSource(0), read.GetSource(1), Encoding.UTF8.GetString(read.Reason)));
    }

    [Fact]
    public void FeedbackRequests_RoundTrip_KeepTheirSources()
    {
        var length = new PictureLossIndication(1, 2).Write(_buffer);
        Assert.True(PictureLossIndication.TryParse(RtcpTestExtensions.Single(_buffer.AsSpan(0, length)), out var pli));
        Assert.Equal(new PictureLossIndication(1, 2), pli);

        length = FullIntraRequest.Write(_buffer, 1, 2, 200);
        Assert.True(FullIntraRequest.TryParse(RtcpTestExtensions.Single(_buffer.AsSpan(0, length)), out var fir));
        Assert.Equal((1u, 1, new FullIntraRequest.Entry(2, 200)), (fir.SenderSsrc, fir.Count, fir[0]));
    }

    [Theory]
    [InlineData(0ul, 0ul)]
    [InlineData(262_143ul, 262_143ul)]
    [InlineData(262_144ul, 262_144ul)]
    [InlineData(262_145ul, 262_144ul)] // 18 bits, rounded down
    [InlineData(2_500_000ul, 2_500_000ul)]
    [InlineData(ulong.MaxValue, 0xFFFFC00000000000ul)]
    public void Remb_RoundTrip_Keeps18Bits(ulong rate, ulong expected)
    {
        var length = ReceiverEstimatedMaxBitrate.Write(_buffer, 1, rate, [5, 6]);
        Assert.True(ReceiverEstimatedMaxBitrate.TryParse(RtcpTestExtensions.Single(_buffer.AsSpan(0, length)), out var read));
        Assert.Equal((1u, expected, 2, 6u), (read.SenderSsrc, read.BitsPerSecond, read.Count, read.GetSource(1)));
    }

    [Fact]
    public void Nack_RandomGaps_ComeBackInOrderAcrossTheWrap()
    {
        var random = new Random(2);
        for (var round = 0; round < 500; round++)
        {
            var start = (ushort)random.Next(65536);
            var lost = Enumerable.Range(0, 300).Where(_ => random.Next(1 + (round % 20)) == 0).Select(i => (ushort)(start + i)).ToArray();
            if (lost.Length == 0)
            {
                continue;
            }

            var length = GenericNack.Write(_buffer, 1, 2, lost, out var written);
            Assert.Equal(lost.Length, written);
            Assert.True(GenericNack.TryParse(RtcpTestExtensions.Single(_buffer.AsSpan(0, length)), out var nack));
            var read = new List<ushort>();
            foreach (var sequence in nack)
            {
                read.Add(sequence);
            }

            Assert.Equal(lost, read);
            Assert.Equal((1u, 2u), (nack.SenderSsrc, nack.MediaSsrc));
        }
    }

    [Fact]
    public void Nack_MoreGapsThanRoom_LeavesTheRestForTheNext()
    {
        var lost = Enumerable.Range(0, 40).Select(i => (ushort)(i * 20)).ToArray();
        var length = GenericNack.Write(_buffer.AsSpan(0, 31), 1, 2, lost, out var written);
        Assert.Equal((28, 4), (length, written));
        Assert.Equal("GenericNack(0,20,40,60)", RtcpTestExtensions.Describe(_buffer.AsSpan(0, length)));
    }

    [Theory]
    [InlineData(16, 16)] // the last bit of the mask
    [InlineData(17, 20)]
    public void Nack_TwoGaps_ShareAPairWhenTheMaskReaches(int distance, int expectedLength)
    {
        var length = GenericNack.Write(_buffer, 1, 2, [65530, (ushort)(65530 + distance)], out _);
        Assert.Equal(expectedLength, length);
        Assert.Equal($"GenericNack(65530,{(65530 + distance) & 0xFFFF})", RtcpTestExtensions.Describe(_buffer.AsSpan(0, length)));
    }

    [Fact]
    public void Nack_NumberListedTwice_IsWrittenOnce()
    {
        var length = GenericNack.Write(_buffer, 1, 2, [5, 5, 6], out var written);
        Assert.Equal(3, written);
        Assert.Equal("GenericNack(5,6)", RtcpTestExtensions.Describe(_buffer.AsSpan(0, length)));
    }

    [Fact]
    public void Writers_DestinationTooShort_NameTheLength()
    {
        var error = Assert.Throws<ArgumentException>(() => new PictureLossIndication(1, 2).Write(new byte[11]));
        Assert.Contains("12 bytes", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SenderReport.Write(new byte[27], default, []));
        Assert.Throws<ArgumentException>(() => GenericNack.Write(new byte[15], 1, 2, [1], out _));
    }
}
