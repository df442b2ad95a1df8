using P2PCam.WebRtc.Rtp;

namespace P2PCam.WebRtc.Tests.Rtp;

public class HeaderExtensionTests
{
    [Fact]
    public void Writer_AllThreeInUse_FitsTheRoomThatPacketSizesLeaveForThem()
    {
        var packet = new byte[64];
        new RtpHeader(96, false, 1, 2, 3).Write(packet);
        packet.AsSpan(12).Fill(0xAA); // a dirty pooled buffer must not show through as padding
        var writer = new HeaderExtensionWriter(packet);
        writer.AddMid(9, "abcd"u8);
        writer.AddAbsoluteSendTime(2, TimeSpan.FromSeconds(65.5));
        writer.AddTransportSequenceNumber(4, 0xBEEF);
        var length = writer.Finish();

        Assert.Equal(RtpHeader.FixedLength + RtpPacketLimits.MaxExtensionBlock, length);
        Assert.True(RtpPacketView.TryParse(packet.AsSpan(0, length), out var view));
        Assert.True(HeaderExtensionEnumerator.TryFind(view, 9, out var mid));
        Assert.Equal("abcd"u8, mid);
        Assert.True(HeaderExtensionEnumerator.TryFind(view, 2, out var time));
        Assert.Equal("06-00-00", BitConverter.ToString(time.ToArray())); // 1.5 s after a wrap of 64 s, in 2^-18 s
        Assert.True(HeaderExtensionEnumerator.TryFind(view, 4, out var sequence));
        Assert.Equal("BE-EF", BitConverter.ToString(sequence.ToArray()));
    }

    [Fact]
    public void Writer_NothingAdded_LeavesTheHeaderAsItIs()
    {
        var packet = new byte[16];
        new RtpHeader(96, false, 1, 2, 3).Write(packet);
        Assert.Equal(12, new HeaderExtensionWriter(packet).Finish());
        Assert.Equal(0x80, packet[0]);
    }

    [Fact]
    public void Writer_PaddingBytes_AreZeroEvenInADirtyBuffer()
    {
        var packet = new byte[32];
        packet.AsSpan().Fill(0xAA);
        new RtpHeader(96, false, 1, 2, 3).Write(packet);
        var writer = new HeaderExtensionWriter(packet);
        writer.AddMid(1, "0"u8);
        Assert.Equal(20, writer.Finish());
        Assert.Equal("BE-DE-00-01-10-30-00-00", BitConverter.ToString(packet, 12, 8));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(15, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 17)]
    public void Writer_IdOrLengthThatTheFormCannotCarry_Throws(byte id, int length) =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            var writer = new HeaderExtensionWriter(new byte[64]);
            writer.Add(id, length);
        });

    [Theory]
    [InlineData(0xBEDE, "10AA21BBCC000032112233", "1:AA 2:BBCC 3:112233")]
    [InlineData(0xBEDE, "10AAF011223310BB", "1:AA")]       // ID 15 ends it
    [InlineData(0xBEDE, "10AA3F11", "1:AA")]               // longer than the block
    [InlineData(0xBEDE, "00000000", "")]
    [InlineData(0x1000, "01000201AA0000FF02BBCC", "1: 2:AA 255:BBCC")]
    [InlineData(0x100F, "0501AA", "5:AA")]                 // appbits are ignored
    [InlineData(0x1000, "01FFAA", "")]
    [InlineData(0x1000, "05", "")]
    [InlineData(0x1234, "10AA", "")]                       // some other profile
    public void Enumerator_Blocks_GiveTheirElements(ushort profile, string hex, string expected)
    {
        var elements = new List<string>();
        foreach (var element in new HeaderExtensionEnumerator(profile, Convert.FromHexString(hex)))
        {
            elements.Add($"{element.Id}:{Convert.ToHexString(element.Data)}");
        }

        Assert.Equal(expected, string.Join(' ', elements));
    }

    [Theory]
    [InlineData(0.0, 0.1, 0.1)]
    [InlineData(63.9, 64.1, 0.2)]    // across the wrap
    [InlineData(100.0, 99.0, -1.0)]
    [InlineData(31_536_000.0, 31_536_000.5, 0.5)] // a year of uptime
    public void AbsoluteSendTime_Difference_SurvivesTheWrap(double earlier, double later, double expected)
    {
        var difference = AbsoluteSendTime.Difference(At(later), At(earlier));
        Assert.Equal(expected, difference.TotalSeconds, 0.00001);

        static uint At(double seconds)
        {
            Span<byte> data = stackalloc byte[3];
            AbsoluteSendTime.Write(data, TimeSpan.FromSeconds(seconds));
            Assert.True(AbsoluteSendTime.TryRead(data, out var value));
            return value;
        }
    }
}
