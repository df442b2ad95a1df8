using System.Buffers.Binary;
using P2PCam.TestKit;
using P2PCam.TestKit.Measuring;

namespace P2PCam.WebRtc.Tests.Rtcp;

public class RtcpCompoundReaderTests
{
    private const string Pli = "81ce0002" + "0000000100000002";

    [VectorsTheory]
    [InlineData("rtcp_sr.bin", "SenderReport(1:0)")]
    [InlineData("rtcp_rr.bin", "ReceiverReport(1:0)")]
    [InlineData("rtcp_sdes.bin", "SourceDescription(1831097322/1/{63f459ea-41fe-4474-9d33-9707c9ee79d1})")]
    [InlineData("rtcp_bye.bin", "Goodbye(1:)")]
    [InlineData("rtcp_bye_no_sources.bin", "Goodbye(0:)")]
    [InlineData("rtcp_bye_padding.bin", "Goodbye(0:)")]
    [InlineData("rtcp_rtpfb.bin", "GenericNack(12,32,39,54,76,110,123,142,183,187,223,236,271,292)")]
    [InlineData("rtcp_psfb_pli.bin", "PictureLossIndication")]
    [InlineData("rtcp_sr_invalid.bin", "!")]
    [InlineData("rtcp_rr_invalid.bin", "!")]
    [InlineData("rtcp_bye_invalid.bin", "!")]
    [InlineData("rtcp_rtpfb_invalid.bin", "!")]
    [InlineData("rtcp_psfb_invalid.bin", "!")]
    [InlineData("rtcp_sdes_item_truncated.bin", "!")]
    [InlineData("rtcp_sdes_source_truncated.bin", "!")]
    public void MoveNext_PacketsOfAiortc_AreReadOrRefused(string file, string expected) =>
        Assert.Equal(expected, RtcpTestExtensions.Describe(Rtp.RtpPacketTests.Corpus("aiortc", file)));

    [Theory]
    [InlineData("", "")]
    [InlineData("80c9000100000001" + "81ca000200000001" + "01016100", "ReceiverReport(0:0) SourceDescription(1/1/a)")]
    [InlineData(Pli, "PictureLossIndication")] // reduced size: no report first
    [InlineData("80cf00010000000a" + "80cc0002" + "0000000a41424344" + Pli, "Unknown Unknown PictureLossIndication")] // XR and APP
    [InlineData("82cd00020000000100000002" + Pli, "Unknown PictureLossIndication")] // a feedback format of no use here
    [InlineData(Pli + "80c9", "PictureLossIndication !")] // what was read before stands
    [InlineData(Pli + "80c9000200000001", "PictureLossIndication !")]
    [InlineData("01ce0002" + "0000000100000002", "!")] // version 0
    [InlineData("a1ce0003" + "0000000100000002" + "00000004", "PictureLossIndication")] // padding
    [InlineData("a1ce0003" + "0000000100000002" + "00000000", "!")]
    [InlineData("a1ce0003" + "0000000100000002" + "00000003", "!")]
    [InlineData("a1ce0003" + "0000000100000002" + "00000010", "!")]
    [InlineData("a0c90000", "!")]
    [InlineData("82cb0001" + "00000001", "!")] // two sources promised
    [InlineData("81cb0003" + "00000001" + "0474657374000000", "Goodbye(1:test)")]
    [InlineData("81cb0002" + "00000001" + "04746573", "!")]
    [InlineData("84ce0004" + "0000000100000000" + "0000000207000000", "FullIntraRequest(2#7)")]
    [InlineData("84ce0002" + "0000000100000000", "!")]
    [InlineData("8fce0005" + "0000000100000000" + "52454d42" + "01080001" + "00000009", "ReceiverEstimatedMaxBitrate(4/1)")]
    [InlineData("8fce0005" + "0000000100000000" + "52454d42" + "02080001" + "00000009", "!")]
    [InlineData(
        "8fce0004" + "0000000100000000" + "52454d42" + "00ffffff",
        "ReceiverEstimatedMaxBitrate(18446744073709551615/0)")] // shifts out of 64 bits
    [InlineData("8fce0004" + "0000000100000000" + "41424344" + "00ffffff", "Unknown")] // another application's
    public void MoveNext_HandMadeDatagrams_AreReadOrRefused(string hex, string expected) =>
        Assert.Equal(expected, RtcpTestExtensions.Describe(Convert.FromHexString(hex)));

    [Fact]
    public void MoveNext_EveryTypeCountAndLengthField_StaysInBounds()
    {
        var random = new Random(3);
        var buffer = new byte[72];
        var accepted = 0;
        foreach (var words in (int[])[0, 1, 2, 5, 17, 18, 255, 32767, 65535])
        {
            for (var header = 0; header < 0x4000; header++)
            {
                // All counts, P bits and the packet types 192–223 with random bodies and every cut.
                random.NextBytes(buffer);
                buffer[0] = (byte)(0x80 | (header & 0x3F));
                buffer[1] = (byte)(192 | ((header >> 6) & 0x1F));
                BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(2), (ushort)words);
                var length = Math.Min(buffer.Length, (4 * (words + 1)) + (header >> 11));
                accepted += RtcpTestExtensions.Describe(buffer.AsSpan(0, length)).EndsWith('!') ? 0 : 1;
            }
        }

        Assert.True(accepted > 1000, $"Only {accepted} packets were accepted.");
    }

    [VectorsFact]
    public void CorporaAndTheirMutations_NeverThrow_WithinTheirBudget()
    {
        var corpus = Path.Combine(Repository.Vectors!, "corpus");
        var files = Directory.GetFiles(Path.Combine(corpus, "webrtc", "rtcp-corpus")).Select(File.ReadAllBytes)
            .Concat(Directory.GetFiles(Path.Combine(corpus, "aiortc"), "rtcp*.bin").Select(File.ReadAllBytes))
            .Concat(Directory.GetFiles(Path.Combine(corpus, "pion", "rtcp"), "*", SearchOption.AllDirectories).Select(GoFuzzFile))
            .ToList();
        Assert.True(files.Count >= 80, $"{files.Count} files");
        var random = new Random(5);
        var described = 0;
        foreach (var seed in files)
        {
            described += RtcpTestExtensions.Describe(seed).Length > 1 ? 1 : 0;
            for (var i = 0; i < 300; i++)
            {
                var mutant = (byte[])seed.Clone();
                for (var change = 0; change < 3 && mutant.Length > 0; change++)
                {
                    mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
                }

                RtcpTestExtensions.Describe(mutant.AsSpan(0, random.Next(2) == 0 ? mutant.Length : random.Next(mutant.Length + 1)));
            }
        }

        Assert.True(described >= 40, $"Only {described} files hold a packet.");
    }

    [Fact]
    public void MoveNext_LargestFeedbackThatFewBytesCanPromise_AllocatesNothing()
    {
        // 30 feedback packets of 40 bytes, each speaking of 65,535 packets that did not arrive.
        const string Runs = "1fff1fff1fff1fff1fff1fff1fff1fff1fff0000";
        var one = Convert.FromHexString("8fcd0009" + "0000000100000002" + "0000ffff" + "00000000" + Runs);
        var datagram = Enumerable.Repeat(one, 30).SelectMany(bytes => bytes).ToArray();
        Assert.Equal(30, RtcpTestExtensions.Describe(datagram).Split("TransportFeedback(0/65535)").Length - 1);
        var count = 0L;
        var allocated = SteadyState.LeastAllocated(() =>
        {
            count = 0;
            var reader = new WebRtc.Rtcp.RtcpCompoundReader(datagram);
            while (reader.MoveNext() && WebRtc.Rtcp.TransportFeedback.TryParse(reader.Current, out var feedback))
            {
                count += feedback.StatusCount;
            }
        });
        Assert.Equal(0, allocated);
        Assert.Equal(30 * 65535, count);
    }

    /// <summary>Go's text form: a line of version, then <c>[]byte("…")</c> with Go escapes.</summary>
    private static byte[] GoFuzzFile(string path)
    {
        var text = File.ReadAllText(path);
        var start = text.IndexOf("(\"", StringComparison.Ordinal) + 2;
        var bytes = new List<byte>();
        for (var i = start; text[i] != '"'; i++)
        {
            if (text[i] != '\\')
            {
                bytes.Add((byte)text[i]);
                continue;
            }

            i++;
            if (text[i] == 'x')
            {
                bytes.Add(Convert.FromHexString(text.AsSpan(i + 1, 2))[0]);
                i += 2;
            }
            else
            {
                bytes.Add((byte)"\a\b\f\n\r\t\v\\\""["abfnrtv\\\"".IndexOf(text[i])]);
            }
        }

        return [.. bytes];
    }
}
