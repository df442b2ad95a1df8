using System.Buffers.Binary;
using P2PCam.WebRtc.Rtcp;

namespace P2PCam.WebRtc.Tests.Rtcp;

public class TransportFeedbackTests
{
    private const long Lost = TransportFeedbackWriter.NotReceived;

    [Fact]
    public void TryParse_ChunksOfAllThreeForms_GiveStatusesAndArrivals()
    {
        // Base 0xFFFE, 26 statuses, reference time 2 (128 ms): a run of 3 small deltas, 14 one-bit symbols, 7 two-bit symbols, a run of
        // 5 lost of which the count takes 2.
        var packet = Convert.FromHexString(
            "8fcd000a" + "0000000100000002" + "fffe001a" + "00000207" + "2003" + "a001" + "e400" + "0005"
            + "010203" + "0a0b" + "ff00" + "05" + "000000000000000000");
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)((packet.Length / 4) - 1));
        Assert.True(TransportFeedback.TryParse(RtcpTestExtensions.Single(packet.AsSpan(0, packet.Length & ~3)), out var feedback));

        Assert.Equal(
            (0xFFFE, 26, 2, 7),
            (feedback.BaseSequenceNumber, feedback.StatusCount, feedback.ReferenceTime, feedback.FeedbackCount));
        var arrivals = ReadAll(feedback);
        Assert.Equal([513L, 515L, 518L], arrivals[..3].Select(arrival => arrival.ArrivalTicks!.Value));
        Assert.Equal([0xFFFE, 0xFFFF, 0, 1], arrivals[..4].Select(arrival => (int)arrival.SequenceNumber));
        Assert.Equal(528, arrivals[3].ArrivalTicks); // the first of 14 bits
        Assert.All(arrivals[4..16], arrival => Assert.Null(arrival.ArrivalTicks));
        Assert.Equal(539, arrivals[16].ArrivalTicks); // the last of them
        Assert.Equal(283, arrivals[17].ArrivalTicks); // a large delta of -256
        Assert.Equal(288, arrivals[18].ArrivalTicks);
        Assert.All(arrivals[19..], arrival => Assert.Null(arrival.ArrivalTicks));
    }

    [Theory]
    [InlineData("00010000" + "00000000", "20010000")]     // a status, where the count has none
    [InlineData("00010002" + "00000000", "2001")]         // chunks end before the statuses do
    [InlineData("00010004" + "00000000", "20040102")]     // four deltas announced, two there
    [InlineData("0001ffff" + "00000000", "3fff0000")]     // a run of large numbers without their bytes
    [InlineData("00010001" + "00000000", "00000000")]     // runs of none
    public void TryParse_CountsThatDoNotAgree_AreRefused(string fields, string chunks)
    {
        var packet = Convert.FromHexString("8fcd0000" + "0000000100000002" + fields + chunks + (chunks.Length % 8 == 0 ? "" : "0000"));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)((packet.Length / 4) - 1));
        Assert.Equal("!", RtcpTestExtensions.Describe(packet));
    }

    [Fact]
    public void Write_RandomArrivals_ComeBackWhole()
    {
        var random = new Random(9);
        var buffer = new byte[1200];
        for (var round = 0; round < 3000; round++)
        {
            var arrivals = MakeArrivals(random, random.Next(1, 400), random.Next(4));
            var sequence = (ushort)random.Next(65536);
            var rest = arrivals.AsSpan();
            var (next, count) = (sequence, (byte)round);
            while (!rest.IsEmpty)
            {
                var room = random.Next(3) == 0 ? random.Next(24, 200) : buffer.Length;
                var source = new FeedbackSource(1, 2, count);
                var length = TransportFeedbackWriter.Write(buffer.AsSpan(0, room), source, next, rest, out var reported);
                Assert.InRange(length, 24, room);
                Assert.True(TransportFeedback.TryParse(RtcpTestExtensions.Single(buffer.AsSpan(0, length)), out var feedback));
                AssertSame(rest[..reported], next, count, feedback);
                reported += CountLeadingLost(rest[reported..]);
                rest = rest[reported..];
                next += (ushort)reported;
                count++;
            }
        }
    }

    [Theory]
    [InlineData(24, 4)]    // a run
    [InlineData(1000, 4)]  // a longer one
    public void Write_SteadyArrivals_TakesOneChunkAndAByteEach(int packets, int ticksApart)
    {
        var arrivals = Enumerable.Range(0, packets).Select(i => 256L + (i * ticksApart)).ToArray();
        var length = TransportFeedbackWriter.Write(new byte[1200], new FeedbackSource(1, 2, 0), 0, arrivals, out var reported);
        Assert.Equal((packets, (20 + 2 + packets + 3) & ~3), (reported, length));
    }

    [Fact]
    public void Write_EveryOtherLost_TakesOneBitEach()
    {
        var arrivals = Enumerable.Range(0, 28).Select(i => i % 2 == 0 ? 256L + i : Lost).ToArray();
        var length = TransportFeedbackWriter.Write(new byte[1200], new FeedbackSource(1, 2, 0), 0, arrivals, out var reported);
        Assert.Equal((28, (20 + 4 + 14 + 3) & ~3), (reported, length));
    }

    [Fact]
    public void Write_OneLostAfterARun_StillTakesOneChunkForAll()
    {
        var arrivals = Enumerable.Range(0, 14).Select(i => i == 10 ? Lost : 256L + i).ToArray();
        var length = TransportFeedbackWriter.Write(new byte[1200], new FeedbackSource(1, 2, 0), 0, arrivals, out var reported);
        Assert.Equal((14, (20 + 2 + 13 + 3) & ~3), (reported, length));
    }

    [Fact]
    public void Write_RunBeforeALargeDelta_IsNotCutIntoVectors()
    {
        var arrivals = Enumerable.Range(0, 14).Select(i => i < 12 ? 256L + i : 1000L * i).ToArray();
        var length = TransportFeedbackWriter.Write(new byte[1200], new FeedbackSource(1, 2, 0), 0, arrivals, out var reported);
        Assert.Equal((14, (20 + 4 + 12 + 4 + 3) & ~3), (reported, length));
    }

    [Fact]
    public void Write_ArrivalsTooFarApart_StartsAnotherPacketThere()
    {
        TransportFeedbackWriter.Write(new byte[1200], new FeedbackSource(1, 2, 0), 0, [0, 10, Lost, 40_000, 40_001], out var reported);
        Assert.Equal(3, reported);
    }

    [Fact]
    public void Write_FirstPacketMissing_Throws() => Assert.Throws<ArgumentException>(
        () => TransportFeedbackWriter.Write(new byte[1200], new FeedbackSource(1, 2, 0), 0, [Lost, 10], out _));

    [Fact]
    public void Write_ReferenceTimeBeyond24Bits_WrapsAndKeepsDifferences()
    {
        var buffer = new byte[1200];
        var start = (1L << 31) - 300; // 2^23 units of 64 ms: where the signed field turns negative
        var length = TransportFeedbackWriter.Write(buffer, new FeedbackSource(1, 2, 0), 0, [start, start + 500], out _);
        Assert.True(TransportFeedback.TryParse(RtcpTestExtensions.Single(buffer.AsSpan(0, length)), out var feedback));
        var read = ReadAll(feedback);
        Assert.Equal(500, read[1].ArrivalTicks - read[0].ArrivalTicks);
    }

    /// <summary>The next packet starts at one that arrived, as a receiver would have it.</summary>
    private static int CountLeadingLost(ReadOnlySpan<long> rest) => rest.IndexOfAnyExcept(Lost) is var first and >= 0 ? first : rest.Length;

    private static long[] MakeArrivals(Random random, int count, int style)
    {
        var arrivals = new long[count];
        var now = 1000L + random.Next(100_000);
        for (var i = 0; i < count; i++)
        {
            now += style switch
            {
                0 => random.Next(10),
                1 => random.Next(-200, 600),
                2 => random.Next(20) == 0 ? random.Next(60_000) : 3,
                _ => random.Next(300),
            };
            var lost = style == 3 ? i / 30 % 2 == 1 : random.Next(8) == 0;
            arrivals[i] = i > 0 && lost ? Lost : now;
        }

        return arrivals;
    }

    private static void AssertSame(ReadOnlySpan<long> written, ushort sequence, byte count, TransportFeedback feedback)
    {
        Assert.Equal((sequence, count, written.Length), (feedback.BaseSequenceNumber, feedback.FeedbackCount, feedback.StatusCount));
        var i = 0;
        foreach (var arrival in feedback)
        {
            Assert.Equal((ushort)(sequence + i), arrival.SequenceNumber);
            Assert.Equal(written[i++], arrival.ArrivalTicks ?? Lost);
        }
    }

    private static List<PacketArrival> ReadAll(TransportFeedback feedback)
    {
        var arrivals = new List<PacketArrival>();
        foreach (var arrival in feedback)
        {
            arrivals.Add(arrival);
        }

        return arrivals;
    }
}
