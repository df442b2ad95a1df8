using P2PCam.WebRtc.Rtp.Payloads;

namespace P2PCam.WebRtc.Tests.Rtp;

public class RtxPayloadTests
{
    [Fact]
    public void TryUnwrap_WhatWrapWrote_IsTheOriginal()
    {
        var packet = new byte[7];
        Assert.Equal(7, RtxPayload.Wrap([1, 2, 3, 4, 5], 0xABCD, packet));
        Assert.Equal("ABCD0102030405", Convert.ToHexString(packet));
        Assert.True(RtxPayload.TryUnwrap(packet, out var sequence, out var original));
        Assert.Equal(0xABCD, sequence);
        Assert.Equal([1, 2, 3, 4, 5], original.ToArray());
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void TryUnwrap_ShortPayload_NeedsTheNumber(int length, bool valid) =>
        Assert.Equal(valid, RtxPayload.TryUnwrap(new byte[length], out _, out _));
}
