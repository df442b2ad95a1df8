using P2PCam.WebRtc.Wire;

namespace P2PCam.WebRtc.Tests.Wire;

public sealed class DatagramClassifierTests
{
    [Fact]
    public void Every_first_byte_is_what_RFC_7983_says()
    {
        for (var first = 0; first < 256; first++)
        {
            var expected = first switch
            {
                < 4 => DatagramKind.Stun,
                >= 20 and < 64 => DatagramKind.Dtls,
                >= 64 and < 80 => DatagramKind.TurnChannel,
                >= 128 and < 192 => DatagramKind.Rtp,
                _ => DatagramKind.Unknown,
            };
            Assert.Equal(expected, DatagramClassifier.Classify([(byte)first, 96]));
        }
    }

    [Theory]
    [InlineData(191, nameof(DatagramKind.Rtp))]
    [InlineData(192, nameof(DatagramKind.Rtcp))]
    [InlineData(200, nameof(DatagramKind.Rtcp))]
    [InlineData(206, nameof(DatagramKind.Rtcp))]
    [InlineData(223, nameof(DatagramKind.Rtcp))]
    [InlineData(224, nameof(DatagramKind.Rtp))]
    [InlineData(96, nameof(DatagramKind.Rtp))]
    public void RTP_and_RTCP_are_told_apart_by_the_payload_type(byte second, string expected) =>
        Assert.Equal(expected, DatagramClassifier.Classify([0x80, second]).ToString());

    [Fact]
    public void Nothing_and_half_an_RTP_header_are_unknown()
    {
        Assert.Equal(DatagramKind.Unknown, DatagramClassifier.Classify([]));
        Assert.Equal(DatagramKind.Unknown, DatagramClassifier.Classify([0x80]));
    }
}
