using P2PCam.TestKit.Measuring;
using P2PCam.WebRtc.Rtp;
using P2PCam.WebRtc.Rtp.Payloads;
using static P2PCam.WebRtc.Tests.Rtp.H264Samples;

namespace P2PCam.WebRtc.Tests.Rtp;

public class H264PacketizerTests
{
    private readonly H264Packetizer _packetizer = new(1000);

    [Fact]
    public void SmallUnits_ShareAStapA_AndADelimiterIsLeftOut()
    {
        var payloads = Payloads(AnnexB(Delimiter, Sps, Pps, Idr(100)), isKeyFrame: true);

        var payload = Assert.Single(payloads);
        Assert.Equal(24 | 0x60, payload[0]);
        byte[] expected = [0, (byte)Sps.Length, .. Sps, 0, (byte)Pps.Length, .. Pps, 0, 100, .. Idr(100)];
        Assert.Equal(expected, payload[1..]);
    }

    [Fact]
    public void OneSmallUnit_GoesByItself() => Assert.Equal(Slice(999), Assert.Single(Payloads(AnnexB(Slice(999)), isKeyFrame: false)));

    [Fact]
    public void LargeUnit_GoesInEqualFragments_WithStartAndEnd()
    {
        var nal = Slice(4001);
        var payloads = Payloads(AnnexB(nal), isKeyFrame: false);

        Assert.Equal(5, payloads.Count);
        Assert.All(payloads, payload => Assert.Equal((802, 28 | 0x40), (payload.Length, payload[0])));
        Assert.Equal([0x81, 0x01, 0x01, 0x01, 0x41], payloads.Select(payload => (int)payload[1]));
        Assert.Equal(nal[1..], payloads.SelectMany(payload => payload[2..]));
    }

    [Fact]
    public void KeyFrameWithoutParameterSets_GetsThoseThatCameLast()
    {
        byte[] newer = [.. Pps[..^1], 0x90];
        Payloads(AnnexB(Sps, Pps, Idr(10)), isKeyFrame: true);
        Payloads(AnnexB(newer, Slice(10)), isKeyFrame: false);

        var payload = Assert.Single(Payloads(AnnexB(Idr(10)), isKeyFrame: true));

        byte[] expected = [0, (byte)Sps.Length, .. Sps, 0, (byte)newer.Length, .. newer, 0, 10, .. Idr(10)];
        Assert.Equal(expected, payload[1..]);
        Assert.Equal(Slice(10), Assert.Single(Payloads(AnnexB(Slice(10)), isKeyFrame: false)));
    }

    [Fact]
    public void Idr_IsAKeyFrame_WhateverTheCallerThinks()
    {
        var frame = _packetizer.Packetize(AnnexB(Idr(10)), new FrameInfo(false, 5, TimeSpan.FromSeconds(3)));
        Assert.Equal((true, 5u, TimeSpan.FromSeconds(3), RtpVideoCodec.H264), (frame.IsKeyFrame, frame.RtpTimestamp, frame.CaptureTime, frame.Codec));
        frame.Release();
    }

    [Theory]
    [InlineData("")]
    [InlineData("0102030405")]
    [InlineData("00000001")]
    [InlineData("0000010000000001000000")]
    [InlineData("0000000109F0")]
    public void NothingToSend_IsRefusedInWords(string hex) => Assert.Contains(
        "Annex B",
        Assert.Throws<ArgumentException>(() => _packetizer.Packetize(Convert.FromHexString(hex), default)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void ShortAndLongStartCodes_AreBothRead()
    {
        byte[] stream = [0, 0, 1, .. Sps, 0, 0, 0, 1, .. Pps, 0, 0, 1, .. Idr(50), 0, 0, 0];
        Assert.Equal([Sps, Pps, Idr(50)], Split(stream));
    }

    [Fact]
    public void AnyUnits_FitIntoPackets_AndComeOutAgain()
    {
        var random = new Random(7);
        for (var round = 0; round < 2000; round++)
        {
            var limit = random.Next(16, 1401);
            var packetizer = new H264Packetizer(limit);
            byte[][] nals = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => Slice(random.Next(2, round % 2 == 0 ? 60 : 5000)))];
            var frame = packetizer.Packetize(AnnexB(nals), new FrameInfo(false, 0, default));
            var payloads = Enumerable.Range(0, frame.PacketCount).Select(i => frame.GetPayload(i).ToArray()).ToList();
            frame.Release();

            Assert.All(payloads, payload => Assert.InRange(payload.Length, 2, limit));
            var reader = new WebRtc.Receiving.Payloads.H264PayloadReader([]);
            var whole = new List<byte>();
            foreach (var payload in payloads)
            {
                Assert.True(reader.TryRead(payload, out _, out var data));
                var written = new byte[reader.Measure(data)];
                Assert.Equal(written.Length, reader.Write(data, written));
                whole.AddRange(written);
            }

            Assert.Equal(AnnexB(nals), whole);
        }
    }

    [Fact]
    public void SteadyState_AllocatesNothing()
    {
        var key = AnnexB(Sps, Pps, Idr(8000));
        var inter = AnnexB(Slice(300), Slice(3000), Slice(40));
        Assert.Equal(0, SteadyState.LeastAllocated(() =>
        {
            _packetizer.Packetize(key, new FrameInfo(true, 0, default)).Release();
            for (var i = 0; i < 30; i++)
            {
                _packetizer.Packetize(inter, new FrameInfo(false, 0, default)).Release();
            }
        }));
    }

    [Fact]
    public void PayloadSizes_OutOfRange_AreMisuse()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new H264Packetizer(15));
        Assert.Throws<ArgumentOutOfRangeException>(() => new H264Packetizer(RtpPacketLimits.MaxForwardedPayload + 1));
    }

    private List<byte[]> Payloads(byte[] annexB, bool isKeyFrame)
    {
        var frame = _packetizer.Packetize(annexB, new FrameInfo(isKeyFrame, 0, default));
        var payloads = Enumerable.Range(0, frame.PacketCount).Select(i => frame.GetPayload(i).ToArray()).ToList();
        frame.Release();
        return payloads;
    }
}
