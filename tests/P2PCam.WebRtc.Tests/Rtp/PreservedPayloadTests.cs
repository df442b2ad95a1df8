using P2PCam.TestKit;
using P2PCam.WebRtc.Rtp;
using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Tests.Rtp;

public class PreservedPayloadTests
{
    [Theory]
    [InlineData("08AA", true, false, 0, 1)]                 // B only: a key picture starts
    [InlineData("48AA", true, true, 0, 1)]                  // predicted
    [InlineData("00AA", false, false, 0, 1)]
    [InlineData("8805AA", true, false, 0, 2)]               // 7-bit picture id
    [InlineData("888005AA", true, false, 0, 3)]             // 15-bit
    [InlineData("A8050007AA", true, false, 0, 4)]           // layers, non-flexible: TL0PICIDX
    [InlineData("A8050407AA", true, false, 2, 4)]           // spatial layer 2
    [InlineData("B80502AA", true, false, 1, 3)]             // flexible: none
    [InlineData("F805030502AA", true, true, 1, 5)]         // flexible with three references
    [InlineData("0A10050002D0AA", true, false, 0, 6)]       // scalability structure with one size
    [InlineData("0A080104AABB", true, false, 0, 5)]         // with one picture group and one reference
    public void Vp9_Descriptors_AreReadToTheirEnd(string hex, bool isStart, bool isPredicted, int spatialId, int length)
    {
        var payload = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.True(Vp9PayloadDescriptor.TryParse(payload, out var descriptor));
        Assert.Equal((isStart, isPredicted, spatialId, length), (descriptor.IsLayerStart, descriptor.IsPredicted, descriptor.SpatialId, descriptor.Length));
    }

    [Theory]
    [InlineData("")]
    [InlineData("08")]
    [InlineData("88")]
    [InlineData("8880")]
    [InlineData("A8")]
    [InlineData("F805000305")]
    [InlineData("F80500030303AA")] // a fourth reference
    [InlineData("0A")]
    [InlineData("0A18050002")]
    [InlineData("0A08FF")]
    public void Vp9_CutOffOrEmpty_IsRefused(string hex) => Assert.False(Vp9PayloadDescriptor.TryParse(Convert.FromHexString(hex), out _));

    [Theory]
    [InlineData("08AA", true, false, true)]
    [InlineData("10AA", true, false, false)]
    [InlineData("80AA", true, true, false)]
    [InlineData("88AA", false, true, true)] // goes on and starts anew
    [InlineData("08", false, false, false)]
    [InlineData("", false, false, false)]
    public void Av1_Headers_TellWhereSequencesStart(string hex, bool valid, bool continues, bool starts)
    {
        Assert.Equal(valid, Av1AggregationHeader.TryParse(Convert.FromHexString(hex), out var header));
        if (valid)
        {
            Assert.Equal((continues, starts), (header.ContinuesFragment, header.StartsSequence));
        }
    }

    [Fact]
    public void AnyBytes_GiveAResult()
    {
        var random = new Random(11);
        for (var i = 0; i < 200_000; i++)
        {
            var bytes = new byte[random.Next(24)];
            random.NextBytes(bytes);
            if (Vp9PayloadDescriptor.TryParse(bytes, out var descriptor))
            {
                Assert.InRange(descriptor.Length, 1, bytes.Length - 1);
            }

            Av1AggregationHeader.TryParse(bytes, out _);
        }
    }

    [VectorsFact]
    public void Vp9_ACaptureOfChromium_StartsWithAKeyPictureAndItsSize()
    {
        var first = RtpDump.Read(Path.Combine(Repository.Vectors!, "corpus", "webrtc", "rtpdump-corpus", "vp9", "vp9.rtpdump")).First();
        Assert.True(RtpPacketView.TryParse(first, out var packet));
        Assert.True(Vp9PayloadDescriptor.TryParse(packet.Payload, out var descriptor));
        Assert.True(descriptor is { IsPictureStart: true, IsPredicted: false });
        Assert.Equal(0x82, packet.Payload[descriptor.Length]); // frame_marker 2, profile 0, a shown key frame
    }

    [Fact]
    public void Packetizer_SendsThePayloadsAsTheyCame()
    {
        var packetizer = new PayloadPreservingPacketizer(RtpVideoCodec.Av1);
        byte[] frame = [1, 2, 3, 4, 5, 6];
        ushort[] sizes = [2, 1, 3];
        var packetized = packetizer.Packetize(frame, new FrameInfo(true, 9, default) { PayloadSizes = sizes });

        Assert.Equal((3, 6, RtpVideoCodec.Av1, true), (packetized.PacketCount, packetized.TotalSize, packetized.Codec, packetized.IsKeyFrame));
        Assert.Equal([[1, 2], [3], [4, 5, 6]], Enumerable.Range(0, 3).Select(i => packetized.GetPayload(i).ToArray()));
        packetized.Release();
    }

    [Theory]
    [InlineData(new ushort[] { })]
    [InlineData(new ushort[] { 2 })]
    [InlineData(new ushort[] { 0, 3 })]
    [InlineData(new ushort[] { 4 })]
    public void Packetizer_SizesThatAreNotTheFrames_AreMisuse(ushort[] sizes) => Assert.Throws<ArgumentException>(
        () => new PayloadPreservingPacketizer(RtpVideoCodec.Vp9).Packetize([1, 2, 3], new FrameInfo(true, 0, default) { PayloadSizes = sizes }));
}
