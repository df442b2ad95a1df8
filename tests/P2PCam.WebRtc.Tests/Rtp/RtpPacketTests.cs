using P2PCam.TestKit;
using P2PCam.WebRtc.Rtp;

namespace P2PCam.WebRtc.Tests.Rtp;

public class RtpPacketTests
{
    [Fact]
    public void TryParse_WrittenHeader_GivesBackEachField()
    {
        var packet = new byte[15];
        var written = new RtpHeader(96, true, 0xFFFE, 0xDEADBEEF, 0x01020304).Write(packet);

        Assert.True(RtpPacketView.TryParse(packet, out var view));
        Assert.Equal(12, written);
        Assert.Equal((96, true, 0xFFFE), (view.PayloadType, view.Marker, view.SequenceNumber));
        Assert.Equal((0xDEADBEEF, 0x01020304u), (view.Timestamp, view.Ssrc));
        Assert.Equal((12, 3, 0), (view.HeaderLength, view.Payload.Length, view.PaddingLength));
    }

    [VectorsTheory]
    [InlineData("rtp.bin", 0, false, 15743, 3937035252u, 4028317929u, 0, 160, 0)]
    [InlineData("rtp_with_csrc.bin", 0, false, 16082, 144u, 1606227614u, 2, 160, 0)]
    [InlineData("rtp_dtmf.bin", 101, true, 24152, 4021352124u, 2795586802u, 0, 4, 0)]
    [InlineData("rtp_only_padding.bin", 120, false, 27759, 4044047131u, 2837429438u, 0, 0, 224)]
    [InlineData("rtp_only_padding_with_header_extensions.bin", 98, false, 22138, 3171065731u, 1501474669u, 0, 0, 224)]
    [InlineData("rtp_with_sdes_mid.bin", 111, true, 14156, 1327210925u, 4084547440u, 0, 54, 0)]
    public void TryParse_PacketsOfAiortc_GivesTheFieldsItDocuments(
        string file, int payloadType, bool marker, int sequence, uint timestamp, uint ssrc, int csrcs, int payload, int padding)
    {
        Assert.True(RtpPacketView.TryParse(Corpus("aiortc", file), out var view));
        Assert.Equal((payloadType, marker, sequence), (view.PayloadType, view.Marker, view.SequenceNumber));
        Assert.Equal((timestamp, ssrc), (view.Timestamp, view.Ssrc));
        Assert.Equal((csrcs, payload, padding), (view.CsrcCount, view.Payload.Length, view.PaddingLength));
    }

    [VectorsFact]
    public void Extensions_PacketWithMid_NamesIt()
    {
        Assert.True(RtpPacketView.TryParse(Corpus("aiortc", "rtp_with_sdes_mid.bin"), out var view));
        Assert.True(HeaderExtensionEnumerator.TryFind(view, 9, out var mid));
        Assert.Equal("0"u8, mid);
        Assert.False(HeaderExtensionEnumerator.TryFind(view, 8, out _));
    }

    [VectorsFact]
    public void CsrcList_PacketWithTwo_GivesBoth()
    {
        Assert.True(RtpPacketView.TryParse(Corpus("aiortc", "rtp_with_csrc.bin"), out var view));
        Assert.Equal((2882400001u, 3735928559u), (view.GetCsrc(0), view.GetCsrc(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            Assert.True(RtpPacketView.TryParse(Corpus("aiortc", "rtp_with_csrc.bin"), out var again));
            again.GetCsrc(2);
        });
    }

    [Theory]
    [InlineData(0, false)]  // contradicts the P bit
    [InlineData(1, true)]
    [InlineData(4, true)]   // all there is after the header
    [InlineData(5, false)]
    [InlineData(16, false)] // the whole packet
    [InlineData(255, false)]
    public void TryParse_PaddingCount_MustFitBehindTheHeader(byte count, bool valid)
    {
        var packet = new byte[16];
        new RtpHeader(96, false, 1, 2, 3).Write(packet);
        packet[0] |= 0x20;
        packet[15] = count;
        Assert.Equal(valid, RtpPacketView.TryParse(packet, out var view));
        Assert.Equal(valid ? 4 - count : 0, valid ? view.Payload.Length : 0);
    }

    [Fact]
    public void TryParse_EveryHeaderBitAndShortLength_StaysInBounds()
    {
        // All first bytes at all lengths up to 80: CSRC counts and extension lengths that do and do not fit.
        var random = new Random(7);
        var buffer = new byte[80];
        var accepted = 0;
        for (var first = 0; first < 256; first++)
        {
            for (var length = 0; length <= buffer.Length; length++)
            {
                random.NextBytes(buffer);
                (buffer[14], buffer[length == 0 ? 0 : length - 1]) = (0, (byte)random.Next(1, 8)); // plausible extension length and padding
                buffer[0] = (byte)first;
                accepted += Walk(buffer.AsSpan(0, length)) ? 1 : 0;
            }
        }

        Assert.InRange(accepted, 300, 5000);
    }

    [VectorsFact]
    public void CorporaOfPackets_NeverThrow()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Vectors!, "corpus", "webrtc", "rtp-corpus"))
            .Concat(Directory.GetFiles(Path.Combine(Repository.Vectors!, "corpus", "aiortc"), "*.bin"));
        var accepted = 0;
        var random = new Random(1);
        foreach (var bytes in files.Select(File.ReadAllBytes))
        {
            accepted += Walk(bytes) ? 1 : 0;
            var mutant = bytes.AsSpan(0, Math.Min(bytes.Length, 400)).ToArray();
            for (var i = 0; i < 2000 && mutant.Length > 0; i++)
            {
                mutant[random.Next(Math.Min(mutant.Length, 40))] = (byte)random.Next(256);
                Walk(mutant.AsSpan(0, random.Next(mutant.Length + 1)));
            }
        }

        Assert.True(accepted >= 6, $"Only {accepted} packets were accepted.");
    }

    [Theory]
    [InlineData("8060000100000002000000ff", false)]
    [InlineData("80c8000100000002000000ff", true)]
    [InlineData("81ce000200000002000000ff", true)]
    [InlineData("80e0000100000002000000ff", false)] // payload type 96 with the marker
    [InlineData("00c8000100000002000000ff", false)]
    [InlineData("80c80001", false)]
    public void IsRtcp_SecondByte_TellsThemApart(string hex, bool expected) =>
        Assert.Equal(expected, RtpDemultiplexer.IsRtcp(Convert.FromHexString(hex)));

    internal static byte[] Corpus(string folder, string file) =>
        File.ReadAllBytes(Path.Combine(Repository.Vectors!, "corpus", folder, file));

    private static bool Walk(ReadOnlySpan<byte> packet)
    {
        if (!RtpPacketView.TryParse(packet, out var view))
        {
            return false;
        }

        Assert.Equal(packet.Length, view.HeaderLength + view.Payload.Length + view.PaddingLength);
        var used = 0;
        foreach (var element in view.Extensions)
        {
            used += 1 + element.Data.Length;
        }

        Assert.True(used <= view.ExtensionBlock.Length);
        return true;
    }
}
